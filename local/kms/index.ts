import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type Actions, AwsError } from '../aws-json';
import { DurableMap } from '../durable-map';
import type { JsonObject, Stack } from '../template';
import { signDigest } from './sign-digest';

const SPEC = 'ECC_NIST_P256';
const ALGORITHM = 'ECDSA_SHA_256';
const SHA256_BYTES = 32;
/** KMS hashes a whole message of so many bytes itself; of a larger one it takes the digest. */
const MESSAGE_BYTES = 4_096;

/**
 * The keys of a stack that sign, on the curve P-256. They are made at the first start and kept in `file`, which only the owner
 * of the data folder can read. Keys that encrypt are not needed here: nothing on this machine is encrypted.
 */
export class SigningKeys {
  private readonly kept: DurableMap<string>;
  /** Private keys by ARN. */
  private readonly keys = new Map<string, KeyObject>();

  /** @throws Error naming a key that signs in another way */
  constructor(stack: Stack, file: string) {
    this.kept = new DurableMap(file, 0o600);
    for (const { identity, properties, logicalId } of stack.resources('AWS::KMS::Key')) {
      if (properties['KeyUsage'] !== 'SIGN_VERIFY') continue;
      if (properties['KeySpec'] !== SPEC) {
        throw new Error(`${logicalId}: keys of ${String(properties['KeySpec'])} cannot be used locally`);
      }
      const arn = identity.attributes['Arn'] ?? identity.ref;
      const pem = this.kept.get(arn) ?? makeKey();
      if (this.kept.get(arn) === undefined) this.kept.set(arn, pem);
      this.keys.set(arn, createPrivateKey(pem));
    }
  }

  /** `Sign`, `GetPublicKey` and `DescribeKey`. */
  actions(): Actions {
    return {
      'TrentService.Sign': (input) => {
        const { arn, key } = this.find(input);
        return { KeyId: arn, Signature: signature(key, input), SigningAlgorithm: ALGORITHM };
      },
      'TrentService.GetPublicKey': (input) => {
        const { arn, key } = this.find(input);
        const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64');
        return { ...described(arn), PublicKey: publicKey };
      },
      'TrentService.DescribeKey': (input) => {
        const { arn } = this.find(input);
        return {
          KeyMetadata: { ...described(arn), Arn: arn, Enabled: true, KeyState: 'Enabled', KeyManager: 'CUSTOMER' },
        };
      },
    };
  }

  close(): void {
    this.kept.close();
  }

  private find({ KeyId }: JsonObject): { arn: string; key: KeyObject } {
    const [arn, key] = [...this.keys].find(([arn]) => arn === KeyId || arn.endsWith(`:key/${String(KeyId)}`)) ?? [];
    if (arn === undefined || key === undefined) {
      throw new AwsError('NotFoundException', `Key '${String(KeyId)}' does not exist`);
    }
    return { arn, key };
  }
}

function makeKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function described(arn: string) {
  return {
    KeyId: arn,
    KeySpec: SPEC,
    CustomerMasterKeySpec: SPEC,
    KeyUsage: 'SIGN_VERIFY',
    SigningAlgorithms: [ALGORITHM],
  };
}

function signature(key: KeyObject, { Message, MessageType = 'RAW', SigningAlgorithm }: JsonObject): string {
  if (SigningAlgorithm !== ALGORITHM) {
    throw new AwsError(
      'InvalidKeyUsageException',
      `Algorithm ${String(SigningAlgorithm)} is incompatible with key spec ${SPEC}.`,
    );
  }
  const message = Buffer.from(String(Message ?? ''), 'base64');
  if (MessageType === 'RAW') {
    if (message.length < 1 || message.length > MESSAGE_BYTES) throw invalidLength(`1 to ${MESSAGE_BYTES}`);
    return sign('sha256', message, key).toString('base64');
  }
  if (message.length !== SHA256_BYTES) throw invalidLength(String(SHA256_BYTES));
  return signDigest(key, message);
}

function invalidLength(bytes: string): AwsError {
  return new AwsError('ValidationException', `Digest or message is of an invalid length; ${bytes} bytes are taken.`);
}
