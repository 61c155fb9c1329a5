import * as z from 'zod';
import type { AuditRecord } from '../../core/domain/audit';
import { DIGEST_FORMAT, type SealedDigest } from '../../core/domain/digest';
import { canonicalFields, joinFields } from '../../core/domain/json';
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

interface Line {
  readonly value: object;
  readonly fields: ReturnType<typeof canonicalFields>;
}

/** Reads a line, if it is exactly the canonical form of an object: a changed byte is then a changed value. */
function canonical(line: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const fields = canonicalFields(value);
    return joinFields(fields) === line ? { value, fields } : undefined;
  } catch {
    return undefined;
  }
}

/** Reads a line of an export, and the text that its hash is made of; undefined when it is none. */
export function recordOf(line: string): { readonly record: AuditRecord; readonly hashed: string } | undefined {
  const { value, fields = [] } = canonical(line) ?? {};
  const { success, data } = record.safeParse(value);
  if (!success) return undefined;
  return { record: data as unknown as AuditRecord, hashed: joinFields(fields.filter(([key]) => key !== 'hash')) };
}

/** Reads a digest as it is stored, and the text that is signed; undefined when it is none. */
export function digestOf(text: string): (SealedDigest & { readonly signed: string }) | undefined {
  const { value, fields = [] } = canonical(text) ?? {};
  const { success, data } = digest.safeParse(value);
  // Base64 has several texts for the same bytes; only one of them is the registry's.
  if (!success || btoa(atob(data.signature)) !== data.signature) return undefined;
  return { ...(data as SealedDigest), signed: fields.find(([key]) => key === 'digest')?.[1] ?? '' };
}
