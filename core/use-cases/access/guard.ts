import { type Access, accessOf, EVERYTHING, haveRight, type Right } from '../../domain/access';
import { BY_POLICY, forbidden, forbiddenOnRegistry } from '../../domain/forbidden';
import { isAdministrator } from '../../domain/grant';
import type { Ports, RegistryStore } from '../../ports';
import { DEFAULT_WORKSPACE } from '../load';
import { emptied } from './emptied';
import { GrantedAccess } from './granted';
import type { Asking, Target } from './standing';

/** What an operation asks of its caller, and where. */
export interface Demand extends Asking {
  readonly needs: Right | 'anyone';
  readonly on?: 'registry' | 'members' | undefined;
  readonly effect: 'query' | 'command';
  readonly target: Target;
}

/** What is done for a caller who may, in the world and with the access that it is given. */
type Work<T> = (ports: Ports, access: Access) => Promise<T>;

/**
 * Does something for those who may: a command once that is known; a query at the same time, its answer withheld from who
 * may not. Who may not, but may see what it is about, is told what is missing. Everybody else gets the answer that is
 * given where there is nothing.
 * @throws RegistryError forbidden, and what the work throws
 */
export async function guarded<T>(ports: Ports, demand: Demand, work: Work<T>): Promise<T> {
  const { needs, on, effect, target, principal, settings } = demand;
  if (isAdministrator(settings, principal)) return work(ports, EVERYTHING);
  const mode = effect === 'command' ? 'consistent' : 'hasty';
  const access = new GrantedAccess(ports, { principal, settings }, target, mode);
  if (needs === 'anyone') return work(ports, access);
  if (on === 'registry') throw forbiddenOnRegistry();
  const allowed = on === 'members' ? access.isMember() : access.may(needs);
  if (effect === 'command') return (await allowed) ? work(ports, access) : deny(ports, demand, access, work);
  const [isAllowed, outcome] = await Promise.all([allowed, outcomeOf(work(holding(ports, allowed), access))]);
  return isAllowed ? outcome() : deny(ports, demand, access, work);
}

/** The world in which nothing is written before it is known that the caller may ask. */
function holding(ports: Ports, allowed: Promise<boolean>): Ports {
  const { store } = ports;
  const write = async <T>(writing: () => Promise<T>): Promise<T> => {
    if (await allowed) return writing();
    throw new Error('who may not ask has nothing written for the answer');
  };
  const held: RegistryStore = {
    get: (key, options) => store.get(key, options),
    getOfModel: (workspace, name, keys, mode) => store.getOfModel(workspace, name, keys, mode),
    ofModel: (workspace, name, read) => store.ofModel(workspace, name, read),
    query: (range, page) => store.query(range, page),
    auditOfDay: (workspace, day, between, page) => store.auditOfDay(workspace, day, between, page),
    placesOfDay: (workspace, day, between, page) => store.placesOfDay(workspace, day, between, page),
    replay: (key) => store.replay(key),
    commit: (change) => write(() => store.commit(change)),
    noteUpload: (key, declared, note) => write(() => store.noteUpload(key, declared, note)),
  };
  return { ...ports, store: held };
}

/** What a promise comes to, to be looked at later. */
async function outcomeOf<T>(promise: Promise<T>): Promise<() => T> {
  try {
    const value = await promise;
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

async function deny<T>(ports: Ports, { needs, target }: Demand, access: Access, work: Work<T>): Promise<T> {
  const right = needs as Right;
  const refusal = forbidden(right, target, haveRight(await access.settled(), right) ? BY_POLICY : undefined);
  if (await access.may('read')) throw refusal;
  // That there is a default workspace is no secret.
  const isKnown = target.workspace === DEFAULT_WORKSPACE || (await access.isMember());
  const isOfModel = target.model !== undefined || target.modelId !== undefined;
  if (isKnown && !isOfModel) throw refusal;
  return work(emptied(ports, target.workspace, isKnown), accessOf([]));
}
