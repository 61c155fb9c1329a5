/** The store of digests, where nothing is ever overwritten. */
export interface DigestStore {
  /** Stores a digest under its number. @returns false when there is one already (it stays), or is about to be */
  add(sequence: number, text: string): Promise<boolean>;
  /** The digest with a number, as it is stored. */
  text(sequence: number): Promise<string | undefined>;
  /** Puts a public key (PEM) beside the digests, for whoever verifies them later. */
  addKey(keyId: string, pem: string): Promise<void>;
  /** The public key (PEM) that was put beside the digests. */
  key(keyId: string): Promise<string | undefined>;
}

/** Signs digests with a key that never leaves its keeper. */
export interface DigestSigner {
  readonly keyId: string;
  /** ECDSA on P-256 over the SHA-256 of a text, DER in base64. */
  sign(text: string): Promise<string>;
  /** Whether this key made a signature. */
  isSigned(text: string, signature: string): Promise<boolean>;
  /** The public key in PEM. */
  publicKey(): Promise<string>;
}
