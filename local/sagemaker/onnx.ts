import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { OnnxFiles } from './model-data';

/** Values of a tensor, as the runtime keeps them. */
export type TensorData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | string[];

/** A tensor with the runtime's name of its type. */
export interface NamedTensor {
  readonly name: string;
  readonly type: string;
  readonly data: TensorData;
  readonly shape: readonly number[];
}

/** The model refused a request: its inputs are not what it takes. */
export class BadInput extends Error {}

interface Message {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (reason: Error) => void;
}

/** A model that is loaded. */
export interface OnnxModel {
  /** Whether it still is: its thread may have ended. */
  isAlive(): boolean;
  /**
   * Runs the model once.
   * @param outputs names of those that are wanted; all where there are none
   * @throws BadInput in the runtime's words
   */
  run(inputs: readonly NamedTensor[], outputs?: readonly string[]): Promise<NamedTensor[]>;
  release(): Promise<void>;
}

/** ONNX Runtime in a thread, which starts with the first model and anew after one that ended it. */
export class OnnxRuntime {
  private thread: Thread | undefined;
  private counter = 0;

  /** Loads a model. @throws Error in the runtime's words */
  async load({ model, beside }: OnnxFiles): Promise<OnnxModel> {
    if (!this.thread?.alive) this.thread = new Thread();
    const { thread } = this;
    const key = this.counter++;
    await thread.call('load', { key, model, beside });
    return {
      isAlive: () => thread.alive,
      run: (inputs, outputs) => thread.call('run', { key, inputs, outputs }) as Promise<NamedTensor[]>,
      release: async () => {
        if (thread.alive) await thread.call('release', { key });
      },
    };
  }

  async close(): Promise<void> {
    await this.thread?.close();
  }
}

class Thread {
  alive = true;
  // What this process was started with, such as a TypeScript loader, is not the models' business.
  private readonly worker = new Worker(join(__dirname, 'onnx-worker.js'), { execArgv: [], env: {} });
  private readonly waiting = new Map<number, Waiting>();
  private counter = 0;

  constructor() {
    this.worker.on('message', ({ id, result, error }: Message) => {
      const waiting = this.waiting.get(id);
      this.waiting.delete(id);
      if (error === undefined) waiting?.resolve(result);
      else waiting?.reject(new BadInput(error));
    });
    this.worker.on('error', (error) => this.end(error));
    this.worker.on('exit', () => this.end(new Error('the runtime has ended')));
  }

  call(call: string, input: object): Promise<unknown> {
    const id = this.counter++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, call, ...input });
    });
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private end(reason: Error): void {
    this.alive = false;
    for (const { reject } of this.waiting.values()) reject(reason);
    this.waiting.clear();
  }
}
