import { useEffect, useRef, useState } from 'react';
import { canonicalJson } from '../../../core/domain/json';
import { useClient, useWorkspace } from '../app/registry';
import type { FAULTS, Report } from './verify';

/** What is read: to verify it, or to give it out as a file. */
type What = 'verify' | 'records' | 'digests' | 'key';

/** How far it has come. */
export type ProofState =
  | { readonly step: 'idle' }
  | { readonly step: 'reading'; readonly what: What; readonly count: number }
  | { readonly step: 'verified'; readonly report: Report; readonly faults: typeof FAULTS }
  | { readonly step: 'failed'; readonly error: unknown };

interface Asked {
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Whether the caller may have the signed digests. */
  readonly sealed: boolean;
}

/** Lines that are asked for at once, and after how many the page says how far it is. */
const LIMIT = 100;

/** Reads the audit of the workspace page by page and verifies it, or saves it as a file. */
export function useProof({ from, to, sealed }: Asked) {
  const client = useClient();
  const workspace = useWorkspace();
  const [state, setState] = useState<ProofState>({ step: 'idle' });
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  const run = async (what: What, work: (read: Reader) => Promise<ProofState>) => {
    const abort = new AbortController();
    running.current = abort;
    let count = 0;
    setState({ step: 'reading', what, count });
    const counted = async function* (rows: AsyncIterable<unknown>) {
      for await (const row of rows) {
        count += 1;
        if (count % LIMIT === 0) setState({ step: 'reading', what, count });
        yield `${canonicalJson(row)}\n`;
      }
    };
    const { signal } = abort;
    const times = { ...(from && { from }), ...(to && { to }) };
    try {
      const after = await work({
        records: () => counted(client.rows('exportAudit', { query: { limit: LIMIT, ...times } }, { signal })),
        digests: () => counted(client.rows('exportDigests', { query: { limit: LIMIT } }, { signal })),
        key: () => client.getAuditKey({}, { signal }),
      });
      if (!signal.aborted) setState(after);
    } catch (error) {
      setState(signal.aborted ? { step: 'idle' } : { step: 'failed', error });
    }
  };

  const verify = () =>
    void run('verify', async ({ records, digests, key }) => {
      const code = await import('./verify');
      const lines: string[] = [];
      if (sealed) for await (const line of digests()) lines.push(line.trimEnd());
      const pem = lines.length > 0 ? await key() : undefined;
      const report = await code.verify({ records: records(), digests: lines, key: pem, workspace, from, to });
      return { step: 'verified', report, faults: code.FAULTS };
    });

  const save = (what: Exclude<What, 'verify'>) =>
    void run(what, async (read) => {
      const pieces: string[] = [];
      if (what === 'key') pieces.push(await read.key());
      else for await (const line of read[what]()) pieces.push(line);
      offer(NAMES[what], pieces);
      return { step: 'idle' };
    });

  return { state, verify, save, stop: () => running.current?.abort() };
}

interface Reader {
  readonly records: () => AsyncIterable<string>;
  readonly digests: () => AsyncIterable<string>;
  readonly key: () => Promise<string>;
}

const NAMES = { records: 'audit.jsonl', digests: 'digests.jsonl', key: 'key.pem' } as const;

/** Gives a file to the browser, as a download. */
function offer(name: string, pieces: string[]): void {
  const url = URL.createObjectURL(new Blob(pieces, { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
