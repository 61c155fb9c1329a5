import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import type { Local } from '../../local';
import { aboutWindow } from './sound';

/** Asks endpoints of the local run that serve a voice activity detector. */
export class Listener {
  private readonly runtime: SageMakerRuntimeClient;

  constructor({ urls, credentials }: Pick<Local, 'urls' | 'credentials'>) {
    this.runtime = new SageMakerRuntimeClient({ endpoint: urls.aws, region: 'us-east-1', credentials });
  }

  /**
   * Asks an endpoint what it hears in a window of sound.
   * @param samples 512 of them at 16 kHz, from -1 to 1
   * @returns how sure it is of speech, from 0 to 1
   */
  async probability(endpoint: string, samples: readonly number[]): Promise<number> {
    const command = new InvokeEndpointCommand({
      EndpointName: endpoint,
      ContentType: 'application/json',
      Body: JSON.stringify(aboutWindow(samples)),
    });
    const { Body } = await this.runtime.send(command);
    return JSON.parse(Body?.transformToString() ?? '').outputs[0].data[0];
  }

  close(): void {
    this.runtime.destroy();
  }
}
