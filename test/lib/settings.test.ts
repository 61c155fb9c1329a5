import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { checked, type StageSettings, settingsFor } from '../../lib/settings';

test('the default stage is dev, and its stack needs no name', () => {
  expect(settingsFor(undefined, {})).toMatchObject({
    stage: 'dev',
    stackName: 'Signet',
    nameSuffix: '',
    retainData: false,
  });
});

test('production keeps its data and can share an account with dev', () => {
  expect(settingsFor('prod', {})).toMatchObject({ stackName: 'Signet-prod', nameSuffix: '-prod', retainData: true });
});

test.each(['staging', '', 7, 'constructor', '__proto__'])('stage %p is refused, naming those there are', (stage) => {
  expect(() => settingsFor(stage, {})).toThrow(/Unknown stage .*-c stage=dev or -c stage=prod/);
});

test('account and region are those of the caller when both are known, and open otherwise', () => {
  const CDK_DEFAULT_ACCOUNT = '123456789012';
  const CDK_DEFAULT_REGION = 'eu-central-1';
  expect(settingsFor('dev', { CDK_DEFAULT_ACCOUNT, CDK_DEFAULT_REGION }).env).toEqual({
    account: CDK_DEFAULT_ACCOUNT,
    region: CDK_DEFAULT_REGION,
  });
  expect(settingsFor('dev', { CDK_DEFAULT_REGION }).env).toBeUndefined();
});

const valid: StageSettings = settingsFor('dev', {});
const wrong: [rule: RegExp, settings: Partial<StageSettings>][] = [
  [/logRetentionDays/, { logRetentionDays: 15 as RetentionDays }],
  [/eventArchiveDays/, { eventArchiveDays: 0 }],
  [/supportDataDays/, { supportDataDays: 1.5 }],
  [/throttling/, { throttling: { ratePerSecond: 0, burst: 1 } }],
  [/browserOrigins/, { browserOrigins: ['*'] }],
  [/browserOrigins/, { browserOrigins: ['http://console.example.com'] }],
  [/browserOrigins/, { browserOrigins: ['https://console.example.com/'] }],
  [/mail.from/, { mail: { from: 'nobody' } }],
  [/mail.from/, { mail: { from: 'A <a@example.com>' } }],
  [/mail.identity/, { mail: { from: 'a@example.com', identity: 'ample.com' } }],
  [/access.administrators/, { access: { administrators: [], everyone: 'nobody' } }],
  [/access.administrators/, { access: { administrators: ['arn:aws:iam::*:role/x'], everyone: 'nobody' } }],
  [/access.administrators/, { access: { administrators: ['two words'], everyone: 'nobody' } }],
  [/access.everyone/, { access: { administrators: ['a'], everyone: 'all' as 'nobody' } }],
  [/callbackUrls/, { identity: { ...valid.identity, callbackUrls: ['http://console.example.com/'] } }],
  [/signInDomain/, { identity: { ...valid.identity, signInDomain: 'my-aws-registry' } }],
  [/signInDomain/, { identity: { ...valid.identity, signInDomain: 'Signet' } }],
  [/alarmEmail/, { alarmEmail: 'nobody' }],
  [/permissionsBoundary/, { permissionsBoundary: 'boundary' }],
];

test.each(wrong)('settings that break the rule of %s are refused', (rule, settings) => {
  expect(() => checked('dev', { ...valid, ...settings })).toThrow(rule);
});

test('all broken rules are told at once', () => {
  expect(() => checked('dev', { ...valid, alarmEmail: 'nobody', eventArchiveDays: -1 })).toThrow(
    /stage dev in lib\/settings\.ts:\n- eventArchiveDays.*\n- alarmEmail/s,
  );
});

test('optional settings may be there', () => {
  const settings = {
    ...valid,
    browserOrigins: ['https://console.example.com'],
    alarmEmail: 'on-call@example.com',
    mail: { from: 'signet@mail.example.com', identity: 'example.com' },
    consoleUrl: 'https://console.example.com/',
    permissionsBoundary: 'arn:aws:iam::123456789012:policy/boundary',
  };
  expect(checked('dev', settings)).toBe(settings);
});

test('mails are set up by naming the address that they come from', () => {
  expect(settingsFor('dev', {}).mail).toBeUndefined();
  expect(settingsFor('prod', {}, { mailFrom: 'signet@example.com' }).mail).toEqual({ from: 'signet@example.com' });
  expect(() => settingsFor('dev', {}, { mailFrom: true })).toThrow('mail.from');
});

test('endpoints are set up by naming the role that they run with', () => {
  const executionRole = 'arn:aws:iam::123456789012:role/endpoints';
  expect(settingsFor('dev', {}).deployment.executionRoles).toEqual([]);
  expect(settingsFor('prod', {}, { executionRole }).deployment).toEqual({
    endpointPrefix: 'signet-',
    executionRoles: [executionRole],
  });
  expect(() => settingsFor('dev', {}, { executionRole: 'endpoints' })).toThrow('deployment.executionRoles');
});
