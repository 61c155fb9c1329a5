import { randomInt, randomUUID } from 'node:crypto';
import { type Actions, AwsError } from '../aws-json';
import { DurableMap } from '../durable-map';
import { isObject, type JsonObject, type Stack } from '../template';

interface Secret {
  readonly value: string;
  readonly versionId: string;
  /** Epoch seconds. */
  readonly createdAt: number;
}

/**
 * The secrets of a stack. A generated value is made at the first start and kept in `file`, which only the owner of the
 * data folder can read.
 */
export class Secrets {
  private readonly values: DurableMap<Secret>;
  private readonly names = new Map<string, string>();

  constructor(stack: Stack, file: string) {
    this.values = new DurableMap(file, 0o600);
    for (const { identity, properties, logicalId } of stack.resources('AWS::SecretsManager::Secret')) {
      const arn = identity.ref;
      const name = /:secret:(.*)-local1$/.exec(arn)?.[1] ?? logicalId;
      this.names.set(arn, name);
      if (this.values.get(arn)) continue;
      const value = typeof properties['SecretString'] === 'string' ? properties['SecretString'] : generate(properties);
      this.values.set(arn, { value, versionId: randomUUID(), createdAt: Math.floor(Date.now() / 1_000) });
    }
  }

  /** `GetSecretValue`, as functions call it. */
  actions(): Actions {
    return {
      'secretsmanager.GetSecretValue': ({ SecretId }) => {
        const [arn, name] = [...this.names].find((each) => each.includes(String(SecretId))) ?? [];
        const secret = arn === undefined ? undefined : this.values.get(arn);
        if (!secret) {
          throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
        }
        return {
          ARN: arn,
          Name: name,
          SecretString: secret.value,
          VersionId: secret.versionId,
          VersionStages: ['AWSCURRENT'],
          CreatedDate: secret.createdAt,
        };
      },
    };
  }

  close(): void {
    this.values.close();
  }
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/** Makes a value by `GenerateSecretString` of `AWS::SecretsManager::Secret`; without it the secret is empty. */
function generate(properties: JsonObject): string {
  const rule = properties['GenerateSecretString'];
  if (!isObject(rule)) return '';
  const excluded = new Set(String(rule['ExcludeCharacters'] ?? ''));
  const kinds = [
    rule['ExcludeLowercase'] === true ? '' : LETTERS,
    rule['ExcludeUppercase'] === true ? '' : LETTERS.toUpperCase(),
    rule['ExcludeNumbers'] === true ? '' : '0123456789',
    rule['ExcludePunctuation'] === true ? '' : PUNCTUATION,
    rule['IncludeSpace'] === true ? ' ' : '',
  ]
    .map((kind) => [...kind].filter((character) => !excluded.has(character)))
    .filter((kind) => kind.length > 0);
  const pick = (characters: readonly string[]): string => characters[randomInt(characters.length)] ?? '';
  const required = rule['RequireEachIncludedType'] === false ? [] : kinds.map(pick);
  const length = Number(rule['PasswordLength'] ?? 32);
  const password = [...required];
  while (password.length < length) password.splice(randomInt(password.length + 1), 0, pick(kinds.flat()));

  const key = rule['GenerateStringKey'];
  if (typeof key !== 'string') return password.join('');
  return JSON.stringify({ ...JSON.parse(String(rule['SecretStringTemplate'] ?? '{}')), [key]: password.join('') });
}
