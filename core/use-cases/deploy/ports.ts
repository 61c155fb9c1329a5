import type { Archives, ModelHost, Ports, TargetQueue } from '../../ports';

/** What deploying needs of the world. */
export type DeployPorts = Pick<Ports, 'store' | 'clock' | 'newId' | 'sha256' | 'pause' | 'random'> & {
  readonly host: ModelHost;
  readonly archives: Archives;
  readonly queue: TargetQueue;
};
