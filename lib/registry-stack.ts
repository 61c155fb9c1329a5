import { CfnOutput, Duration, Lazy, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import { HttpIamAuthorizer, HttpUserPoolAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { eventSchemas } from '../contract/event-schemas';
import { ENV, EVENT_BUS } from '../contract/names';
import type { Operation } from '../contract/operation';
import { OPERATIONS } from '../contract/operations';
import { routesFor } from '../contract/routes';
import { accessLogBucket } from './constructs/access-log-bucket';
import { Alarms } from './constructs/alarms';
import { ApiFunctions } from './constructs/api-functions';
import { ArtifactStore } from './constructs/artifact-store';
import { AuditSeal } from './constructs/audit-seal';
import { Automation } from './constructs/automation';
import { Console } from './constructs/console';
import { Dashboard } from './constructs/dashboard';
import { Deployments } from './constructs/deployments';
import { EncryptionKey } from './constructs/encryption-key';
import { RegistryBus } from './constructs/event-bus';
import { EventPublisher } from './constructs/event-publisher';
import { EventQueue } from './constructs/event-queue';
import { EventSchemas } from './constructs/event-schemas';
import { FailedRecords } from './constructs/failed-records';
import { Identity } from './constructs/identity';
import { LogQueries } from './constructs/log-queries';
import { Mails } from './constructs/mails';
import { MetadataTable } from './constructs/metadata-table';
import { PackagesIn } from './constructs/packages-in';
import { PackagesOut } from './constructs/packages-out';
import { RegistryApi } from './constructs/registry-api';
import { RequestExpiry } from './constructs/request-expiry';
import { Search } from './constructs/search';
import { Webhooks } from './constructs/webhooks';
import type { Settings } from './settings';

/** Props of {@link RegistryStack}. */
export interface RegistryStackProps {
  readonly settings: Settings;
  /** Operations that the APIs serve; those of the contract by default. */
  readonly operations?: readonly Operation[];
}

/**
 * The whole registry in one stack. Nothing in it is paid by the hour. Idle it costs a month: 1 USD for the key of its data (and
 * 1 USD more after each of the first two yearly rotations), 1 USD for the key of its digests, 0.80 USD
 * for its 18 alarm metrics beyond the ten that an account has free of charge, 0.12 USD for asking its two queues, and what its data
 * takes: `npm run bench -- --only cost` counts it. Mails, where they are
 * set up, add 0.30 USD for three alarm metrics and 0.26 USD for asking another queue, and so do model packages.
 */
export class RegistryStack extends Stack {
  /** Bus that carries every change: rules of your own go on it. */
  readonly bus: EventBus;

  constructor(scope: Construct, id: string, { settings, operations = Object.values(OPERATIONS) }: RegistryStackProps) {
    super(scope, id, stackProps(settings));
    const { retainData } = settings;
    const key = new EncryptionKey(this, 'Encryption', { retainData });
    const logs = { key, retention: settings.logRetentionDays, retainData };
    const supportPeriod = Duration.days(settings.supportDataDays);
    const alarms = new Alarms(this, 'Alarms', { key, email: settings.alarmEmail });
    const accessLogs = retainData ? accessLogBucket(this, 'AccessLogs', supportPeriod) : undefined;

    const table = new MetadataTable(this, 'Metadata', { key, retainData, alarms });
    const artifacts = new ArtifactStore(this, 'Artifacts', {
      key,
      retainData,
      accessLogs,
      // The bucket cannot name the console's host: the console's policy names the bucket's already. That costs nothing, for
      // an origin proves nothing here: every request carries a signature.
      browserOrigins: ['https://*.cloudfront.net', ...settings.browserOrigins],
    });
    const bus = new RegistryBus(this, 'Events', {
      busName: `${EVENT_BUS}${settings.nameSuffix}`,
      key,
      archive: Duration.days(settings.eventArchiveDays),
      retainData,
      alarms,
    });
    this.bus = bus.bus;
    new EventSchemas(this, 'EventSchemas', { registryName: bus.bus.eventBusName, schemas: eventSchemas() });
    const failed = new FailedRecords(this, 'Failed', { key, retainData, accessLogs, keep: supportPeriod });
    new EventPublisher(this, 'Publisher', { table, bus, failed, logs, alarms });
    const { auditRetention: retention } = settings;
    const audit = new AuditSeal(this, 'Audit', { table, key, retainData, retention, accessLogs, failed, logs, alarms });
    new Webhooks(this, 'Webhooks', { table, bus, key, logs, alarms });
    new Search(this, 'Search', { table, bus, logs, alarms });
    new RequestExpiry(this, 'RequestExpiry', { table, logs, alarms });

    const functions = new ApiFunctions(this, 'Functions', {
      table,
      artifacts,
      access: settings.access,
      mailFrom: settings.mail?.from,
      logs,
    });
    const { deployment } = settings;
    functions.byEffect.command.setEnvironment(ENV.endpointPrefix, deployment.endpointPrefix);
    if (deployment.executionRoles.length > 0) {
      functions.byEffect.command.setEnvironment(ENV.executionRoles, deployment.executionRoles.join(','));
    }
    new Deployments(this, 'Deployments', { settings: deployment, table, artifacts, bus, key, logs, alarms });
    const packages = settings.packages ?? { from: [], to: [] };
    const forPackages = { settings: packages, table, bus, key, logs, alarms };
    if (packages.from.length > 0) {
      const { fn } = new PackagesIn(this, 'PackagesIn', { ...forPackages, access: settings.access });
      this.output(
        'PackagesInRoleArn',
        fn.roleArn,
        'Role that describes model packages: for policies of groups elsewhere',
      );
    }
    if (packages.to.length > 0 || packages.from.some(({ writesApproval }) => writesApproval)) {
      const { fn } = new PackagesOut(this, 'PackagesOut', { ...forPackages, artifacts });
      this.output('PackagesOutRoleArn', fn.roleArn, 'Role that makes model packages: for policies of groups elsewhere');
    }
    audit.grantRead(functions.byEffect.query);
    const groups = settings.access.administrators.filter((name) => !name.startsWith('arn:'));
    // The console is made of the API and the sign-in page, which has to know where the console is.
    const consoleOrigin = Lazy.string({ produce: () => site.origin });
    const identity = new Identity(this, 'Identity', { settings: settings.identity, groups, retainData, consoleOrigin });
    const entrance = { routes: routesFor(operations), functions, throttling: settings.throttling, logs, alarms };
    const people = new RegistryApi(this, 'PeopleApi', {
      ...entrance,
      description: 'Model registry for people (bearer token)',
      authorizer: new HttpUserPoolAuthorizer('People', identity.pool, { userPoolClients: [identity.consoleClient] }),
      browserOrigins: settings.browserOrigins,
    });
    const machines = new RegistryApi(this, 'MachinesApi', {
      ...entrance,
      description: 'Model registry for pipelines (AWS signature)',
      authorizer: new HttpIamAuthorizer(),
      browserOrigins: [],
    });
    const site = new Console(this, 'Console', {
      stage: settings.stage,
      apiId: people.id,
      identity,
      artifacts: artifacts.bucket,
      accessLogs,
      logs,
    });

    if (settings.mail) {
      const { mail, access } = settings;
      const links = { apiUrl: people.url, consoleUrl: `${site.origin}/` };
      new Mails(this, 'Mails', { settings: mail, access, ...links, table, bus, key, logs, alarms });
    }

    const queues = this.node.findAll().filter((each): each is EventQueue => each instanceof EventQueue);
    const automation = new Automation(this, 'Automation', { machines, queues });
    new Dashboard(this, 'Dashboard');
    new LogQueries(this, 'LogQueries');

    this.output('ConsoleUrl', site.origin, 'Page for people');
    this.output('PeopleApiUrl', people.url, 'Entrance of people: bearer token of the user pool');
    this.output('MachinesApiUrl', machines.url, 'Entrance of pipelines: requests signed with AWS credentials');
    this.output('MachinesApiArn', machines.invokeArn, 'Resource of execute-api:Invoke in the policies of pipelines');
    this.output('EventBusName', bus.bus.eventBusName, 'Bus for rules on changes of the registry');
    this.output('TableName', table.table.tableName, 'Metadata');
    this.output('BucketName', artifacts.bucket.bucketName, 'Artifacts');
    this.output('AuditBucketName', audit.bucket.bucketName, 'Digests of the audit, and the public keys beside them');
    this.output(
      'AuditKeyArn',
      audit.signingKey.keyArn,
      'Key that signs them: aws kms get-public-key shows its public half',
    );
    this.output(
      'AutomationRoleArn',
      automation.role.roleArn,
      'Caller in documents of Systems Manager: grant it a role',
    );
    this.output('UserPoolId', identity.pool.userPoolId, 'People who may sign in');
    this.output('UserPoolClientId', identity.consoleClient.userPoolClientId, 'Client of the console');
    this.output('AlarmTopicArn', alarms.topic.topicArn, 'Topic that alarms are sent to');

    Tags.of(this).add('app', 'signet');
    Tags.of(this).add('stage', settings.stage);
    if (settings.permissionsBoundary) {
      PermissionsBoundary.of(this).apply(
        ManagedPolicy.fromManagedPolicyArn(this, 'Boundary', settings.permissionsBoundary),
      );
    }
  }

  /** The construct of an output needs an id of its own; the output's name is what users see. */
  private output(name: string, value: string, description: string): void {
    new CfnOutput(this, `${name}Output`, { key: name, value, description });
  }
}

function stackProps(settings: Settings): StackProps {
  return {
    description: 'Signet: serverless registry for machine-learning models',
    terminationProtection: settings.retainData,
    ...(settings.env ? { env: settings.env } : {}),
  };
}
