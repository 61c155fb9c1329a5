import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { cryptographyOf } from '../../client/audit/keys';
import { type AuditRecord, auditPosition } from '../../core/domain/audit';
import { DIGEST_FORMAT, type Digest, signedText, storedText } from '../../core/domain/digest';
import { append } from '../../core/domain/event';
import { canonicalJson } from '../../core/domain/json';
import { EMPTY_HEAD, type Head } from '../../core/domain/model';
import type { Actor } from '../../core/domain/principal';
import { sealReading } from '../../core/domain/reading';

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** A key for digests, with what a verifier has of it. */
export function makeKey() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return { pem, sign: (text: string) => sign('sha256', Buffer.from(text), privateKey).toString('base64') };
}
export type Key = ReturnType<typeof makeKey>;

/** What a verifier needs, where the same texts are checked thousands of times. */
export function remembering(pems: readonly string[]): ReturnType<typeof cryptographyOf> {
  const real = cryptographyOf(pems);
  const signed = new Map<string, boolean>();
  return {
    sha256: real.sha256,
    isSigned: (text, signature) => {
      const place = `${signature} ${text}`;
      const known = signed.get(place) ?? real.isSigned(text, signature);
      signed.set(place, known);
      return known;
    },
  };
}

/** Signs a digest, and says what is stored of it. */
export function sealed(digest: Digest, key: Key): string {
  return storedText({ digest, signature: key.sign(signedText(digest)) });
}

const START = Date.parse('2026-03-01T10:00:00.000Z');
const ADA: Actor = { id: 'ada', kind: 'person', name: 'ada' };

/**
 * An audit as a registry would have written it: in each minute some events of some models and of the workspace, some
 * readings, and a digest of what changed.
 */
export function makeAudit(key: Key, minutes = 4, models: readonly string[] = ['01A', '01B']) {
  const heads = new Map<string, Head>();
  const records: AuditRecord[] = [];
  const digests: string[] = [];
  let count = 0;
  const newId = () => `01JD${String(++count).padStart(22, '0')}`;
  for (let minute = 0; minute < minutes; minute++) {
    const changed = new Map<string, Digest['chains'][number]>();
    const readings: Digest['readings'][number][] = [];
    const add = (modelId: string | undefined, second: number) => {
      const name = modelId ?? '';
      const now = new Date(START + minute * 60_000 + second * 1_000);
      const draft = {
        type: 'model.updated' as const,
        changed: ['description'],
        previous: { description: `text ${count}` },
        current: { description: `text ${count + 1} é\u0001`, 'metrics.auc': 0.1 * count },
      };
      const { events, head } = append(heads.get(name) ?? EMPTY_HEAD, [draft, draft], {
        workspace: 'default',
        ...(modelId !== undefined && { model: { id: modelId, name: `model-${modelId}` } }),
        actor: ADA,
        requestId: `r-${count}`,
        now,
        newId,
        sha256,
      });
      heads.set(name, head);
      records.push(...events);
      const { sequence, hash, at } = head;
      changed.set(name, { workspace: 'default', ...(modelId !== undefined && { modelId }), sequence, hash, at });
    };
    const read = (modelId: string, second: number) => {
      const at = new Date(START + minute * 60_000 + second * 1_000).toISOString();
      const place = { workspace: 'default', modelId, at, id: newId() };
      const reading = sealReading(
        { ...place, type: 'artifact.downloaded', model: 'm', version: 1, path: 'a.bin', actor: ADA, requestId: 'r' },
        sha256,
      );
      records.push(reading);
      readings.push({ ...place, hash: reading.hash });
    };
    models.forEach((modelId, index) => {
      if ((minute + index) % 2 === 0) add(modelId, index);
    });
    if (minute % 3 === 0) add(undefined, 7);
    read(models[0] as string, 9);
    digests.push(
      sealed(
        {
          format: DIGEST_FORMAT,
          sequence: minute + 1,
          at: new Date(START + minute * 60_000 + 59_000).toISOString(),
          previous: minute === 0 ? '' : sha256(digests.at(-1) as string),
          keyId: 'key',
          chains: [...changed.values()],
          readings,
        },
        key,
      ),
    );
  }
  records.sort((a, b) => (auditPosition(a) < auditPosition(b) ? -1 : 1));
  return { records, lines: records.map(canonicalJson), digests };
}

/** Lines as a file has them. */
export function file(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
