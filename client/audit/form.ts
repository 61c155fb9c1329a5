import { z } from 'zod';
import type { AuditRecord } from '../../core/domain/audit';
import { DIGEST_FORMAT, type SealedDigest } from '../../core/domain/digest';
import { canonicalJson } from '../../core/domain/json';
import { READING_TYPE } from '../../core/domain/reading';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const time = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const sequence = z.int().min(1);
const place = { workspace: z.string(), modelId: z.string().optional(), at: time };

// Whatever else a record holds its hash vouches for, so records of later versions of the registry verify too.
const reading = z.looseObject({ ...place, id: z.string(), type: z.literal(READING_TYPE), hash });
const event = z.looseObject({
  ...place,
  id: z.string(),
  type: z.string().refine((type) => type !== READING_TYPE),
  sequence,
  previousHash: z.union([hash, z.literal('')]),
  hash,
});
const record = z.union([event, reading]);

const digest = z.strictObject({
  signature: z.base64(),
  digest: z.strictObject({
    format: z.literal(DIGEST_FORMAT),
    sequence,
    at: time,
    previous: z.union([hash, z.literal('')]),
    keyId: z.string(),
    chains: z.array(z.strictObject({ ...place, sequence, hash })),
    readings: z.array(z.strictObject({ ...place, id: z.string(), hash })),
  }),
});

/** The value of a line, if the line is exactly the canonical form of it: a changed byte is then a changed value. */
function canonical(line: string): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return canonicalJson(value) === line ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Reads a line of an export; undefined when it is none. */
export function recordOf(line: string): AuditRecord | undefined {
  return record.safeParse(canonical(line)).data as AuditRecord | undefined;
}

/** Reads a digest as it is stored; undefined when it is none. */
export function digestOf(text: string): SealedDigest | undefined {
  const sealed = digest.safeParse(canonical(text)).data as SealedDigest | undefined;
  // Base64 has several texts for the same bytes; only one of them is the registry's.
  return sealed && encodedOnce(sealed.signature) ? sealed : undefined;
}

function encodedOnce(base64: string): boolean {
  return btoa(atob(base64)) === base64;
}
