import { createHash, createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { KmsSigner } from '../../adapters/kms/signer';
import { serveAwsJson } from '../../local/aws-json';
import { SigningKeys } from '../../local/kms';
import type { JsonObject, Stack } from '../../local/template';

const folder = mkdtempSync(join(tmpdir(), 'signet-kms-'));
const arn = 'arn:aws:kms:us-east-1:000000000000:key/signs';
const key = { identity: { ref: 'signs', attributes: { Arn: arn } }, logicalId: 'Signs' };
const stackOf = (properties: object) => ({ resources: () => [{ ...key, properties }] }) as unknown as Stack;
const P256 = { KeyUsage: 'SIGN_VERIFY', KeySpec: 'ECC_NIST_P256' };
const file = join(folder, 'keys.jsonl');
let keys = new SigningKeys(stackOf(P256), file);
let server: Awaited<ReturnType<typeof serveAwsJson>>;
let client: KMSClient;

beforeAll(async () => {
  const again: Record<string, (input: JsonObject) => object | Promise<object>> = {};
  for (const name of Object.keys(keys.actions())) again[name] = (input) => keys.actions()[name]?.(input) ?? {};
  server = await serveAwsJson(again, 0);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new KMSClient({ endpoint: server.url, region: 'us-east-1', credentials });
});
afterAll(async () => {
  client.destroy();
  keys.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

test('what is signed verifies with the public key, also after another start', async () => {
  const signer = new KmsSigner({ client, keyId: arn });
  const pem = await signer.publicKey();
  // Each signature has a random number of its own; every hundredth or so has a short part.
  for (let index = 0; index < 300; index++) {
    const signature = await signer.sign(`text ${index}`);
    const bytes = Buffer.from(signature, 'base64');
    expect(verify('sha256', Buffer.from(`text ${index}`), createPublicKey(pem), bytes)).toBe(true);
    expect(await signer.isSigned(`text ${index + 1}`, signature)).toBe(false);
  }
  keys.close();
  keys = new SigningKeys(stackOf(P256), file);
  expect(await new KmsSigner({ client, keyId: arn }).publicKey()).toBe(pem);
  expect(statSync(file).mode & 0o077).toBe(0);
});

test('a short message is hashed by KMS itself', async () => {
  const sign = new SignCommand({ KeyId: 'signs', Message: Buffer.from('hi'), SigningAlgorithm: 'ECDSA_SHA_256' });
  const { Signature } = await client.send(sign);
  const pem = await new KmsSigner({ client, keyId: arn }).publicKey();
  expect(verify('sha256', Buffer.from('hi'), createPublicKey(pem), Signature as Uint8Array)).toBe(true);
});

test('what KMS refuses is refused', async () => {
  const digest = createHash('sha256').update('hi').digest();
  const sign = (more: object) =>
    client.send(
      new SignCommand({
        KeyId: arn,
        Message: digest,
        MessageType: 'DIGEST',
        SigningAlgorithm: 'ECDSA_SHA_256',
        ...more,
      }),
    );
  await expect(sign({ KeyId: 'other' })).rejects.toMatchObject({ name: 'NotFoundException' });
  await expect(sign({ Message: Buffer.from('short') })).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(sign({ SigningAlgorithm: 'ECDSA_SHA_512' })).rejects.toMatchObject({ name: 'InvalidKeyUsageException' });
  const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: arn }));
  expect(KeyMetadata).toMatchObject({ Arn: arn, KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
});

test('keys that encrypt are left alone, and other keys that sign are refused at the start', () => {
  expect(() => new SigningKeys(stackOf({}), join(folder, 'none')).close()).not.toThrow();
  expect(() => new SigningKeys(stackOf({ ...P256, KeySpec: 'RSA_2048' }), join(folder, 'rsa'))).toThrow('RSA_2048');
});
