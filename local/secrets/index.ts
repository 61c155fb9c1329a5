import { randomUUID } from 'node:crypto';
import { type Actions, AwsError } from '../aws-json';
import { DurableMap } from '../durable-map';
import { ACCOUNT, type Json, REGION } from '../template';

interface Secret {
  readonly name: string;
  readonly value: string;
  readonly versionId: string;
  /** Epoch seconds. */
  readonly createdAt: number;
}

/** Secrets that somebody made here, for stacks that only name them. They are kept in `file`, which only its owner can read. */
export class Secrets {
  private readonly secrets: DurableMap<Secret>;

  constructor(file: string) {
    this.secrets = new DurableMap(file, 0o600);
  }

  /** The value of a secret, by its name or ARN. */
  value(id: string): string | undefined {
    return this.find(id)?.value;
  }

  /** `CreateSecret`, `PutSecretValue` and `GetSecretValue`. */
  actions(): Actions {
    return {
      'secretsmanager.CreateSecret': ({ Name, SecretString }) => {
        const name = String(Name);
        if (!this.find(name)) return this.put(name, SecretString);
        throw new AwsError(
          'ResourceExistsException',
          `The operation failed because the secret ${name} already exists.`,
        );
      },
      'secretsmanager.PutSecretValue': ({ SecretId, SecretString }) => ({
        ...this.put(this.need(SecretId).name, SecretString),
        VersionStages: ['AWSCURRENT'],
      }),
      'secretsmanager.GetSecretValue': ({ SecretId }) => {
        const { name, value, versionId, createdAt } = this.need(SecretId);
        return {
          ARN: arnOf(name),
          Name: name,
          SecretString: value,
          VersionId: versionId,
          VersionStages: ['AWSCURRENT'],
          CreatedDate: createdAt,
        };
      },
    };
  }

  close(): void {
    this.secrets.close();
  }

  private put(name: string, value: Json | undefined): object {
    if (typeof value !== 'string') throw new AwsError('InvalidParameterException', 'Only SecretString runs locally.');
    const versionId = randomUUID();
    this.secrets.set(name, { name, value, versionId, createdAt: Math.floor(Date.now() / 1_000) });
    return { ARN: arnOf(name), Name: name, VersionId: versionId };
  }

  private find(id: string): Secret | undefined {
    const [, name = id] = /:secret:(.*)-local1$/.exec(id) ?? [];
    return this.secrets.get(name);
  }

  private need(id: Json | undefined): Secret {
    const found = this.find(String(id));
    if (!found) throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    return found;
  }
}

/** AWS ends the ARN with six random characters; callers must not rebuild it from the name. */
function arnOf(name: string): string {
  return `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${name}-local1`;
}
