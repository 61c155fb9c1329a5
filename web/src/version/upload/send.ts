/** A signed request, as the registry hands it out. */
interface Signed {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The artifact store refused bytes, or could not be reached. */
export class SendFailed extends Error {
  override readonly name = 'SendFailed';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Sends bytes to the artifact store, telling how many have left. `fetch` does not tell that.
 * @throws SendFailed; the signal's reason
 */
export function send(request: Signed, body: Blob, onSent: (bytes: number) => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    const stop = () => {
      call.abort();
      reject(signal.reason as Error);
    };
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    call.open(request.method, request.url);
    for (const [name, value] of Object.entries(request.headers)) call.setRequestHeader(name, value);
    call.upload.addEventListener('progress', ({ loaded }) => onSent(loaded));
    call.addEventListener('error', () => reject(new SendFailed(0, 'The artifact store could not be reached.')));
    call.addEventListener('load', () => {
      if (call.status >= 200 && call.status < 300) resolve();
      else reject(new SendFailed(call.status, `The artifact store answered with status ${call.status}.`));
    });
    call.addEventListener('loadend', () => signal.removeEventListener('abort', stop));
    call.send(body);
  });
}
