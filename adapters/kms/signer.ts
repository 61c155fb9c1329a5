import { createHash, createPublicKey, verify } from 'node:crypto';
import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms';
import type { DigestSigner } from '../../core/ports';

/** Signs with an asymmetric KMS key (ECC_NIST_P256). The text itself stays here: KMS gets its SHA-256. */
export class KmsSigner implements DigestSigner {
  private pem: Promise<string> | undefined;

  constructor(private readonly options: { readonly client: KMSClient; readonly keyId: string }) {}

  get keyId(): string {
    return this.options.keyId;
  }

  async sign(text: string): Promise<string> {
    const { Signature } = await this.options.client.send(
      new SignCommand({
        KeyId: this.keyId,
        Message: createHash('sha256').update(text).digest(),
        MessageType: 'DIGEST',
        SigningAlgorithm: 'ECDSA_SHA_256',
      }),
    );
    if (!Signature) throw new Error('KMS signed without a signature');
    return Buffer.from(Signature).toString('base64');
  }

  async isSigned(text: string, signature: string): Promise<boolean> {
    return verify('sha256', Buffer.from(text), await this.publicKey(), Buffer.from(signature, 'base64'));
  }

  publicKey(): Promise<string> {
    this.pem ??= this.readKey().catch((error: unknown) => {
      this.pem = undefined;
      throw error;
    });
    return this.pem;
  }

  private async readKey(): Promise<string> {
    const { PublicKey } = await this.options.client.send(new GetPublicKeyCommand({ KeyId: this.keyId }));
    if (!PublicKey) throw new Error('KMS answered without a public key');
    const key = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
    return key.export({ type: 'spki', format: 'pem' }).toString();
  }
}
