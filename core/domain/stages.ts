import { invalid, RegistryError } from './errors';
import { LIMITS } from './limits';
import { checkStageName } from './names';

/** A stage of a model's lifecycle. */
export interface Stage {
  readonly name: string;
  /** At most one version holds it: a version that enters replaces the holder, which is archived. */
  readonly exclusive: boolean;
  /** Only versions whose approval status is Approved may enter. */
  readonly requiresApproval: boolean;
}

/** The stages of a model and which moves between them are allowed. */
export interface StageScheme {
  readonly stages: readonly Stage[];
  readonly transitions: readonly { readonly from: string; readonly to: string }[];
}

/** Every scheme has these two: where versions start, and where replaced versions go. */
export const INITIAL_STAGE = 'None';
export const ARCHIVE_STAGE = 'Archived';

/** The scheme of a model that declares none. */
export const DEFAULT_STAGES: StageScheme = {
  stages: [
    { name: INITIAL_STAGE, exclusive: false, requiresApproval: false },
    { name: 'Staging', exclusive: false, requiresApproval: false },
    { name: 'Production', exclusive: true, requiresApproval: true },
    { name: ARCHIVE_STAGE, exclusive: false, requiresApproval: false },
  ],
  transitions: [
    { from: 'None', to: 'Staging' },
    { from: 'None', to: 'Archived' },
    { from: 'Staging', to: 'None' },
    { from: 'Staging', to: 'Production' },
    { from: 'Staging', to: 'Archived' },
    { from: 'Production', to: 'Staging' },
    { from: 'Production', to: 'Archived' },
    { from: 'Archived', to: 'None' },
    { from: 'Archived', to: 'Staging' },
  ],
};

const NAMES = DEFAULT_STAGES.stages.map(({ name }) => name);

/**
 * The scheme of a model that is made through MLflow's protocol, whose stages may each hold several versions and are
 * entered from any other without approval.
 */
export const OPEN_STAGES: StageScheme = {
  stages: NAMES.map((name) => ({ name, exclusive: false, requiresApproval: false })),
  transitions: NAMES.flatMap((from) => NAMES.filter((to) => to !== from).map((to) => ({ from, to }))),
};

/**
 * Checks a scheme that a caller declares: 2 to 20 distinct stages (also when case is ignored), among them None and
 * Archived, which are open to any number of versions; transitions between different declared stages, each named once.
 * @throws RegistryError invalid_input
 */
export function checkStageScheme(scheme: StageScheme, field: string): StageScheme {
  const names = scheme.stages.map((stage, index) => checkStageName(stage.name, `${field}.stages.${index}.name`));
  if (names.length > LIMITS.stages) throw invalid(`${field}.stages`, names.length, `at most ${LIMITS.stages} stages`);
  names.forEach((name, index) => {
    if (names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) !== index) {
      throw invalid(`${field}.stages.${index}.name`, name, 'each name once, whatever its case');
    }
  });
  for (const name of [INITIAL_STAGE, ARCHIVE_STAGE]) {
    const stage = scheme.stages.find((candidate) => candidate.name === name);
    if (!stage) throw invalid(`${field}.stages`, names, `contains ${name}`);
    if (stage.exclusive || stage.requiresApproval) {
      throw invalid(`${field}.stages`, stage, `${name} is neither exclusive nor guarded by approval`);
    }
  }
  const moves = new Set<string>();
  scheme.transitions.forEach(({ from, to }, index) => {
    const at = `${field}.transitions.${index}`;
    if (!names.includes(from)) throw invalid(`${at}.from`, from, `one of ${names.join(', ')}`);
    if (!names.includes(to)) throw invalid(`${at}.to`, to, `one of ${names.join(', ')}`);
    if (from === to) throw invalid(at, { from, to }, 'between two different stages');
    const move = `${from}>${to}`;
    if (moves.has(move)) throw invalid(at, { from, to }, 'each transition once');
    moves.add(move);
  });
  return scheme;
}

/**
 * The stage of a scheme with the given name.
 * @throws RegistryError invalid_input when the scheme has none
 */
export function stageNamed(scheme: StageScheme, name: string, field: string): Stage {
  const stage = scheme.stages.find((candidate) => candidate.name === name);
  if (!stage) throw invalid(field, name, `one of ${scheme.stages.map((known) => known.name).join(', ')}`);
  return stage;
}

/**
 * Checks that a version may move from one stage to another.
 * @throws RegistryError transition_not_allowed
 */
export function checkTransition(scheme: StageScheme, from: string, to: string, field: string): void {
  const allowed = scheme.transitions
    .filter((transition) => transition.from === from)
    .map((transition) => transition.to);
  if (allowed.includes(to)) return;
  const rule = allowed.length > 0 ? `from ${from} one of ${allowed.join(', ')}` : `${from} is left by no transition`;
  throw new RegistryError('transition_not_allowed', `A version cannot move from ${from} to ${to}.`, [
    { field, value: to, rule },
  ]);
}

/** How a version came into its stage, where a policy guards that: by a request, past the policy, or as it was. */
export interface Admitted {
  /** Id of the transition request. */
  readonly request?: string;
  readonly bypassed?: true;
  /** Digest of the guard that was passed over; absent where none guarded the stage. */
  readonly guard?: string;
}
