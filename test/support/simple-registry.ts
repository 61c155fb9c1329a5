/**
 * The registry as one would explain it on a blackboard: plain maps, no history but a list of what happened. Tests drive
 * it beside the real one and compare every answer. It is written from the contract and shares no code with `core/`.
 */

export interface SimpleVersion {
  readonly number: number;
  ready: boolean;
  stage: string;
  approval: string;
  locked: boolean;
  deleted: boolean;
  description?: string;
  readonly tags: Map<string, string>;
  readonly files: Map<string, string>;
  readonly comments: Map<string, string>;
  readonly semanticVersion?: string;
  readonly copyOf?: { model: string; version: number };
  /** The version that keeps the files. */
  readonly filesOf: Map<string, string>;
}

export interface SimpleScheme {
  readonly stages: readonly { name: string; exclusive: boolean; requiresApproval: boolean }[];
  readonly transitions: readonly { from: string; to: string }[];
}

/** One change: which event, of which version. Its place in the list is its sequence. */
export interface Happened {
  readonly type: string;
  readonly version?: number;
}

/** Who was in a slot, by the sequences of the events that began and ended it. */
export interface SimpleStay {
  readonly version: number;
  readonly entered: number;
  left?: number;
}

export interface SimpleModel {
  id: string;
  name: string;
  state: 'active' | 'archived' | 'deleted';
  description?: string;
  readonly tags: Map<string, string>;
  scheme: SimpleScheme;
  readonly versions: SimpleVersion[];
  readonly aliases: Map<string, number>;
  readonly stays: Map<string, SimpleStay[]>;
  readonly events: Happened[];
}

const everyMove = (names: readonly string[]) =>
  names.flatMap((from) => names.filter((to) => to !== from).map((to) => ({ from, to })));
const stage = (name: string, exclusive = false, requiresApproval = false) => ({ name, exclusive, requiresApproval });

/** Schemes that models get in the tests; the first is the one of a model that declares none. */
export const SCHEMES: readonly SimpleScheme[] = [
  {
    stages: [stage('None'), stage('Staging'), stage('Production', true, true), stage('Archived')],
    transitions: [
      ...[...'SA'].map((to) => ({ from: 'None', to: to === 'S' ? 'Staging' : 'Archived' })),
      ...['None', 'Production', 'Archived'].map((to) => ({ from: 'Staging', to })),
      ...['Staging', 'Archived'].map((to) => ({ from: 'Production', to })),
      ...['None', 'Staging'].map((to) => ({ from: 'Archived', to })),
    ],
  },
  {
    stages: [stage('None'), stage('Staging', true), stage('Shadow', true), stage('Production'), stage('Archived')],
    transitions: everyMove(['None', 'Staging', 'Shadow', 'Production', 'Archived']),
  },
  {
    stages: [stage('None'), stage('Staging'), stage('Shadow'), stage('Production', true), stage('Archived')],
    transitions: everyMove(['None', 'Staging', 'Shadow', 'Production', 'Archived']),
  },
];

/** What a command is refused for, all rules that it breaks; nothing where it is taken. */
export type Refusals = readonly (string | false | undefined)[];

export class SimpleRegistry {
  readonly models = new Map<string, SimpleModel>();
  readonly deleted: SimpleModel[] = [];

  model(name: string): SimpleModel | undefined {
    return this.models.get(name);
  }

  version(name: string, number: number): SimpleVersion | undefined {
    const version = this.model(name)?.versions[number - 1];
    return version?.deleted ? undefined : version;
  }

  live(model: SimpleModel): SimpleVersion[] {
    return model.versions.filter(({ deleted }) => !deleted);
  }

  isExclusive({ scheme }: SimpleModel, name: string): boolean {
    return scheme.stages.some((one) => one.name === name && one.exclusive);
  }

  create(name: string): SimpleModel {
    const model: SimpleModel = {
      id: '',
      name,
      state: 'active',
      tags: new Map(),
      scheme: SCHEMES[0] as SimpleScheme,
      versions: [],
      aliases: new Map(),
      stays: new Map(),
      events: [],
    };
    this.models.set(name, model);
    this.tell(model, 'model.created');
    return model;
  }

  /** Notes an event and tells its sequence. */
  tell(model: SimpleModel, type: string, version?: number): number {
    return model.events.push({ type, ...(version !== undefined && { version }) });
  }

  add(model: SimpleModel, ready: boolean, more: Partial<SimpleVersion> = {}): SimpleVersion {
    const files = new Map<string, string>();
    const version: SimpleVersion = {
      number: model.versions.length + 1,
      ready,
      stage: 'None',
      approval: 'PendingApproval',
      locked: false,
      deleted: false,
      tags: new Map(),
      files,
      comments: new Map(),
      filesOf: files,
      ...more,
    };
    model.versions.push(version);
    this.tell(model, 'version.registered', version.number);
    return version;
  }

  private enter(model: SimpleModel, slot: string, version: number, entered: number): void {
    model.stays.set(slot, [...(model.stays.get(slot) ?? []), { version, entered }]);
  }

  private leave(model: SimpleModel, slot: string, version: number, left: number): void {
    const stay = model.stays.get(slot)?.find((one) => one.version === version && one.left === undefined);
    if (stay) stay.left = left;
  }

  move(model: SimpleModel, version: SimpleVersion, to: string): void {
    if (this.isExclusive(model, to)) {
      const holder = this.live(model).find((other) => other.stage === to);
      if (holder) this.move(model, holder, 'Archived');
    }
    const sequence = this.tell(model, 'version.stage_changed', version.number);
    if (version.stage !== 'None') this.leave(model, version.stage, version.number, sequence);
    if (to !== 'None') this.enter(model, to, version.number, sequence);
    version.stage = to;
  }

  name(model: SimpleModel, alias: string, version: number): void {
    const sequence = this.tell(model, 'alias.set', version);
    const before = model.aliases.get(alias);
    if (before !== undefined) this.leave(model, `@${alias}`, before, sequence);
    this.enter(model, `@${alias}`, version, sequence);
    model.aliases.set(alias, version);
  }

  unname(model: SimpleModel, alias: string): void {
    const version = model.aliases.get(alias) as number;
    this.leave(model, `@${alias}`, version, this.tell(model, 'alias.deleted', version));
    model.aliases.delete(alias);
  }

  remove(model: SimpleModel, version: SimpleVersion): void {
    const aliases = [...model.aliases].filter(([, number]) => number === version.number).map(([alias]) => alias);
    for (const alias of aliases.sort()) this.unname(model, alias);
    const sequence = this.tell(model, 'version.deleted', version.number);
    if (version.stage !== 'None') this.leave(model, version.stage, version.number, sequence);
    version.deleted = true;
  }
}
