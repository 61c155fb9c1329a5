import { setTimeout as pause } from 'node:timers/promises';
import type { Local } from '../../local';
import { LOCAL_EXECUTION_ROLE } from '../../local/synth';
import type { Api, Body } from './api';
import { Listener } from './listen';
import { vowel, WINDOW } from './sound';

/** A model whose versions are served, and who asks and watches. */
export class Serving {
  private readonly listener: Listener;
  private endpoint = '';
  private told = 0;

  constructor(
    private readonly api: Api,
    private readonly model: string,
    local: Local,
  ) {
    this.listener = new Listener(local);
  }

  /** Says where what is in Production runs. */
  async target(): Promise<void> {
    const { sagemaker } = await this.api.put(`/models/${this.model}/targets/Production`, {
      sagemaker: {
        name: this.model,
        executionRoleArn: LOCAL_EXECUTION_ROLE,
        capacity: { instanceType: 'ml.m5.large', instanceCount: 1 },
        update: { strategy: 'canary', stepPercent: 10, bakeSeconds: 300, alarms: [`${this.model}-errors`] },
      },
    });
    this.endpoint = sagemaker.endpoint;
  }

  /** Goes back to the version before. */
  async rollback(reason: string): Promise<void> {
    await this.api.post(`/models/${this.model}/targets/Production/rollback`, { reason });
  }

  /** Waits until a version serves, and shows what became of its deployment on the way. */
  async serves(version: number): Promise<void> {
    for (let waited = 0; waited < 240_000; waited += 200) {
      const { serving } = await this.api.get(`/models/${this.model}/targets/Production`);
      const { items } = await this.api.get(`/models/${this.model}/deployments`);
      const one: Body = items.find(({ id }: Body) => id === serving);
      if (one?.version === version) return await this.show(version);
      await pause(200);
    }
    throw new Error(`version ${version} was not in service within four minutes`);
  }

  private async show(version: number): Promise<void> {
    const { items } = await this.api.get(`/models/${this.model}/events?order=asc`);
    const fresh = items.filter(({ sequence }: Body) => sequence > this.told);
    const states = fresh.filter((event: Body) => event.version === version && event.current['deployment.state']);
    this.told = items.at(-1)?.sequence ?? 0;
    console.log(
      `    version ${version}: ${states.map((event: Body) => event.current['deployment.state']).join(' → ')}`,
    );
  }

  /** Asks the endpoint what it hears in a vowel and in silence. @returns how sure it is of speech in the vowel */
  async ask(): Promise<number> {
    const [spoken, silent] = await Promise.all([
      this.listener.probability(this.endpoint, vowel(WINDOW)),
      this.listener.probability(this.endpoint, Array<number>(WINDOW).fill(0)),
    ]);
    console.log(`    ${this.endpoint} hears speech in a vowel: ${spoken.toFixed(3)}, in silence: ${silent.toFixed(3)}`);
    return spoken;
  }

  close(): void {
    this.listener.close();
  }
}
