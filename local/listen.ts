import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A listening server. */
export interface Listening {
  /** Base URL without a trailing slash. */
  readonly url: string;
  /** Stops accepting, ends connections and waits until all is closed. */
  close(): Promise<void>;
}

/**
 * Lets a server listen on 127.0.0.1, and only there.
 *
 * @throws Error with advice when the port is taken.
 */
export function listen(server: Server, port: number): Promise<Listening> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new PortTaken(port, { cause: error }) : error);
    });
    server.listen(port, '127.0.0.1', () => {
      const { port: actual } = server.address() as AddressInfo;
      resolve({
        url: `http://127.0.0.1:${actual}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}

/** Another program listens on the port. */
class PortTaken extends Error {
  constructor(port: number, options?: ErrorOptions) {
    super(`Port ${port} on 127.0.0.1 is taken. Stop what uses it, or choose another base port with --port.`, options);
    this.name = 'PortTaken';
  }
}
