import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** Reads a secret when it is first needed, and keeps it as long as the function lives. */
export function lazySecret(arn: string): () => Promise<string> {
  let value: Promise<string> | undefined;
  const read = async () => {
    const { SecretString } = await new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId: arn }));
    if (!SecretString) throw new Error('the cursor secret has no string');
    return SecretString;
  };
  return () => {
    value ??= read().catch((error: unknown) => {
      value = undefined;
      throw error;
    });
    return value;
  };
}
