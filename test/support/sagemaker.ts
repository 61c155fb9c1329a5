import type { EndpointFacts } from '../../core/domain/deployment-plan';
import type { MonitorFacts } from '../../core/domain/monitor-plan';
import type { MonitorName } from '../../core/domain/monitoring';
import type { Litter, UpdatePolicy } from '../../core/domain/target';
import { type HostConfig, type HostMonitor, HostRefusal, type ModelHost } from '../../core/ports';
import { around } from './faults';

interface Endpoint {
  status: EndpointFacts['status'];
  config: string;
  pending?: string;
  baking: boolean;
  lastModified: number;
  failure?: string;
}

interface MonitorState {
  readonly monitor: HostMonitor;
  status: MonitorFacts['status'];
  last?: NonNullable<MonitorFacts['last']>;
}

const BUSY = ['Creating', 'Updating', 'RollingBack', 'Deleting', 'SystemUpdating'];

/**
 * SageMaker's endpoints as a state model: changes take a while (`tick`), an endpoint that is being changed takes no other
 * change, one whose creation failed can only be deleted, and an update that alarms call back ends where it began.
 */
export class SageMakerModel implements ModelHost {
  readonly models = new Set<string>();
  /** Images of the containers that each model was made with. */
  readonly images = new Map<string, string>();
  readonly configs = new Map<string, HostConfig>();
  readonly endpoints = new Map<string, Endpoint>();
  readonly monitors = new Map<string, MonitorState>();
  /** Monitors that SageMaker will not make. */
  readonly refusedMonitors = new Set<string>();
  /** Names of the calls that changed something. */
  readonly changes: string[] = [];
  /** How endpoints were asked to go over to other configurations. */
  readonly strategies = new Set<UpdatePolicy['strategy']>();
  /** What must never happen. */
  readonly violations: string[] = [];
  /** Versions of the stage, and images, that cannot be brought into service. */
  readonly poisoned = new Set<string>();
  /** Endpoints that have changed since somebody looked. */
  readonly events: string[] = [];
  private time = 0;

  describe(endpoint: string) {
    return this.call('describe', () => {
      const found = this.endpoints.get(endpoint);
      return found && this.facts(found);
    });
  }

  prepare(config: HostConfig) {
    return this.call('prepare', () => {
      for (const { model, isKept, containers } of config.variants) {
        if (isKept && !this.models.has(model)) throw new HostRefusal(`no model ${model}`);
        if (!isKept && !this.images.has(model)) this.images.set(model, containers.map(({ image }) => image).join());
        this.models.add(model);
      }
      if (!this.configs.has(config.name)) this.configs.set(config.name, config);
    });
  }

  create(endpoint: string, config: string) {
    return this.call('create', () => {
      if (!this.configs.has(config)) throw new HostRefusal(`no configuration ${config}`);
      if (this.endpoints.has(endpoint)) return;
      this.change(endpoint, { status: 'Creating', config, baking: false, lastModified: 0 });
      this.changes.push(`create ${config}`);
    });
  }

  update(endpoint: string, config: string, { strategy }: UpdatePolicy) {
    return this.call('update', () => {
      this.strategies.add(strategy);
      const found = this.endpoints.get(endpoint);
      if (!this.configs.has(config)) throw new HostRefusal(`no configuration ${config}`);
      if (!found) return;
      if (BUSY.includes(found.status)) {
        if ((found.pending ?? found.config) !== config) this.violations.push(`${config} races with ${found.pending}`);
        return;
      }
      if (found.status === 'Failed') throw new HostRefusal('the endpoint has failed');
      this.change(endpoint, { ...found, status: 'Updating', pending: config, baking: false });
      this.changes.push(`update ${config}`);
    });
  }

  remove(endpoint: string) {
    return this.call('remove', () => {
      const found = this.endpoints.get(endpoint);
      if (!found || BUSY.includes(found.status)) return;
      this.change(endpoint, { ...found, status: 'Deleting' });
      this.changes.push(`delete ${endpoint}`);
    });
  }

  discard({ config, models }: Litter) {
    return this.call('discard', () => {
      for (const { config: used, pending } of this.endpoints.values()) {
        if (config !== undefined && (used === config || pending === config))
          this.violations.push(`${config} is discarded while it is used`);
      }
      if (config !== undefined) this.configs.delete(config);
      const kept = [...this.endpoints.values()].flatMap(({ config: used, pending = '' }) =>
        [used, pending].flatMap((name) => this.configs.get(name)?.variants ?? []),
      );
      for (const { model } of kept) {
        if (models.includes(model)) this.violations.push(`${model} is discarded while it is used`);
      }
      for (const model of models) this.models.delete(model);
    });
  }

  describeMonitor({ name }: MonitorName) {
    return this.call('describeMonitor', () => {
      const found = this.monitors.get(name);
      return found && { status: found.status, ...(found.last && { last: found.last }) };
    });
  }

  createMonitor(monitor: HostMonitor) {
    return this.call('createMonitor', () => {
      if (this.refusedMonitors.has(monitor.kind)) throw new HostRefusal(`no ${monitor.kind} here`);
      if (!this.endpoints.has(monitor.endpoint)) this.violations.push(`${monitor.name} watches nothing`);
      if (!this.monitors.has(monitor.name)) this.monitors.set(monitor.name, { monitor, status: 'Pending' });
    });
  }

  removeMonitor({ name }: MonitorName) {
    return this.call('removeMonitor', () => this.monitors.delete(name) || true);
  }

  /** A monitor of an endpoint has run and found violations. */
  violate(endpoint: string, at: string): void {
    for (const state of this.monitors.values()) {
      if (state.monitor.endpoint !== endpoint) continue;
      state.last = { at, isViolated: true, job: `arn:aws:sagemaker:us-east-1:123456789012:processing-job/${at}` };
    }
  }

  /** Time passes: every endpoint that is being changed comes one step further. */
  tick(): void {
    for (const state of this.monitors.values()) if (state.status === 'Pending') state.status = 'Scheduled';
    for (const [name, endpoint] of [...this.endpoints]) {
      const { pending, failure: _, ...rest } = endpoint;
      if (endpoint.status === 'Deleting') this.drop(name);
      else if (endpoint.status === 'Creating') {
        const failed = this.isPoisoned(endpoint.config);
        this.change(name, { ...rest, status: failed ? 'Failed' : 'InService', ...(failed && { failure: 'no ping' }) });
      } else if (endpoint.status === 'Updating' && pending !== undefined) {
        if (!endpoint.baking) this.change(name, { ...endpoint, baking: true });
        else if (this.isPoisoned(pending))
          this.change(name, { ...rest, pending, baking: false, status: 'RollingBack' });
        else this.change(name, { ...rest, baking: false, status: 'InService', config: pending });
      } else if (endpoint.status === 'RollingBack') {
        this.change(name, { ...rest, status: 'InService', failure: 'alarm went off' });
      }
    }
  }

  /** Somebody changes an endpoint by hand. */
  meddle(name: string, change: Partial<Endpoint> | 'delete'): void {
    const endpoint = this.endpoints.get(name);
    if (!endpoint || BUSY.includes(endpoint.status)) return;
    if (change === 'delete') this.drop(name);
    else this.change(name, { ...endpoint, ...change });
  }

  isBusy(name: string): boolean {
    return BUSY.includes(this.endpoints.get(name)?.status ?? '');
  }

  /** The version that an endpoint's requests reach. */
  versionOf(name: string): number | undefined {
    const config = this.configs.get(this.endpoints.get(name)?.config ?? '');
    return config && Number(config.tags['signet:version']);
  }

  private isPoisoned(config: string): boolean {
    const { tags, variants = [] } = this.configs.get(config) ?? {};
    const images = variants.map(({ model }) => this.images.get(model) ?? '');
    return [tags?.['signet:version'] ?? '', ...images].some((each) => this.poisoned.has(each));
  }

  private change(name: string, endpoint: Endpoint): void {
    this.endpoints.set(name, { ...endpoint, lastModified: ++this.time });
    this.events.push(name);
  }

  private drop(name: string): void {
    for (const { monitor } of this.monitors.values()) {
      if (monitor.endpoint === name && this.endpoints.get(name)?.status === 'Deleting') {
        this.violations.push(`${name} is deleted while ${monitor.name} watches it`);
      }
    }
    this.endpoints.delete(name);
    this.events.push(name);
  }

  private facts({ status, config, pending, baking, lastModified, failure }: Endpoint): EndpointFacts {
    return {
      status,
      config,
      ...(pending !== undefined && { pendingConfig: pending }),
      baking,
      lastModified: new Date(lastModified * 1_000).toISOString(),
      ...(failure !== undefined && { failure }),
    };
  }

  private call<T>(name: string, make: () => T): Promise<T> {
    return around(name, async () => make());
  }
}
