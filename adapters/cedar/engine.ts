import { setFlagsFromString } from 'node:v8';
import type { DetailedError, EntityJson, PolicyJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs';
import type { JsonObject } from '../../core/domain/json';
import type { OwnPolicies, PolicyQuestion, Verdict } from '../../core/domain/own-policy';
import type { PolicyEngine } from '../../core/ports';
import { SCHEMA } from './schema';

/**
 * V8 of Node.js 20 ends the process ("unreachable code" in its Deoptimizer) when it takes back an optimised function into which
 * it had put a call of WebAssembly. Functions on AWS run in a later one.
 */
function keepCallsWhole(): void {
  if (process.versions.node.startsWith('20.')) setFlagsFromString('--no-turbo-inline-js-wasm-calls');
}

type Cedar = typeof import('@cedar-policy/cedar-wasm/nodejs');

/** Sets of policies that are kept parsed; the one that was parsed first makes room. */
const MOST_SETS = 50;

/** Cedar, compiled to WebAssembly. It is loaded when it is first asked: 4 MB that most requests do without. */
export class CedarPolicyEngine implements PolicyEngine {
  private cedar: Promise<Cedar> | undefined;
  /** Cedar's places for parsed sets, by the texts of the set that each holds. */
  private readonly places = new Map<string, string>();

  async parse(text: string): Promise<{ readonly parsed: JsonObject } | { readonly wrong: string }> {
    const cedar = await this.load();
    const parts = cedar.policySetTextToParts(text);
    if (parts.type === 'failure') return { wrong: messagesOf(parts.errors, text) };
    if (parts.policies.length !== 1 || parts.policy_templates.length > 0) {
      return { wrong: 'one policy, permit or forbid, and no template' };
    }
    const validated = cedar.validate({ schema: SCHEMA, policies: { staticPolicies: { policy: text } } });
    if (validated.type === 'failure') return { wrong: messagesOf(validated.errors, text) };
    const { validationErrors } = validated;
    if (validationErrors.length > 0) {
      return {
        wrong: messagesOf(
          validationErrors.map(({ error }) => error),
          text,
        ),
      };
    }
    const json = cedar.policyToJson(text);
    if (json.type === 'failure') return { wrong: messagesOf(json.errors) };
    return { parsed: json.json as unknown as JsonObject };
  }

  async decide(own: OwnPolicies, question: PolicyQuestion): Promise<Verdict> {
    const cedar = await this.load();
    const { principal, resource, entities } = entitiesOf(question);
    const { operation, alias, stage } = question.circumstances;
    const answer = cedar.statefulIsAuthorized({
      principal,
      action: { type: 'Action', id: question.right },
      resource,
      context: {
        ...(operation !== undefined && { operation }),
        ...(alias !== undefined && { alias }),
        ...(stage !== undefined && { stage }),
      },
      preparsedPolicySetId: this.placeOf(cedar, own),
      entities,
    });
    if (answer.type === 'failure') throw new Error(`Cedar: ${messagesOf(answer.errors)}`);
    const { decision, diagnostics } = answer.response;
    if (diagnostics.errors.length > 0) return 'forbid';
    if (decision === 'allow') return 'permit';
    return diagnostics.reason.length > 0 ? 'forbid' : 'silent';
  }

  private load(): Promise<Cedar> {
    // In a bundle, what a CommonJS module exports is the default of the chunk that it becomes.
    keepCallsWhole();
    this.cedar ??= import('@cedar-policy/cedar-wasm/nodejs').then(
      (loaded: Cedar & { readonly default?: Cedar }) => loaded.default ?? loaded,
    );
    return this.cedar;
  }

  /** Cedar's place with the set, which is parsed where it is not there yet. */
  private placeOf(cedar: Cedar, { policies }: OwnPolicies): string {
    const set = policies.map(({ name, text }) => `${name}\n${text}`).join('\n');
    const known = this.places.get(set);
    if (known !== undefined) return known;
    const [oldest] = this.places;
    const place = this.places.size < MOST_SETS ? `set-${this.places.size}` : (oldest as [string, string])[1];
    const staticPolicies = Object.fromEntries(
      policies.map(({ name, parsed }) => [name, parsed as unknown as PolicyJson]),
    );
    const answer = cedar.preparsePolicySet(place, { staticPolicies });
    if (answer.type === 'failure') throw new Error(`Cedar: ${messagesOf(answer.errors)}`);
    if (oldest && oldest[1] === place) this.places.delete(oldest[0]);
    this.places.set(set, place);
    return place;
  }
}

/** Cedar's words, with the place in the text where it tells one. */
function messagesOf(
  errors: readonly Pick<DetailedError, 'message' | 'help' | 'sourceLocations'>[],
  text?: string,
): string {
  return errors
    .slice(0, 3)
    .map(({ message, help, sourceLocations: [place] = [] }) => {
      const words = message.replace(/^for policy `policy`, /, '');
      const at = place && text !== undefined ? `${placeIn(text, place.start)}: ` : '';
      return `${at}${words}${help ? ` (${help})` : ''}`;
    })
    .join('; ');
}

/** Where a byte of a text is, as editors count. */
function placeIn(text: string, byte: number): string {
  const before = new TextDecoder().decode(new TextEncoder().encode(text).subarray(0, byte)).split('\n');
  return `line ${before.length}, column ${[...(before.at(-1) ?? '')].length + 1}`;
}

/** The caller with groups and roles, and what the question is about, as Cedar knows them. */
function entitiesOf({ principal, roles, workspace, model, version }: PolicyQuestion) {
  const caller: TypeAndId = { type: 'Caller', id: principal.id };
  const space: TypeAndId = { type: 'Workspace', id: workspace };
  const { kind, name, email, groups } = principal;
  const entities: EntityJson[] = [
    {
      uid: caller,
      attrs: { kind, name, ...(email !== undefined && { email }) },
      parents: [...groups.map((id) => ({ type: 'Group', id })), ...roles.map((id) => ({ type: 'Role', id }))],
    },
    { uid: space, attrs: {}, parents: [] },
  ];
  if (!model) return { principal: caller, resource: space, entities };
  const ofModel: TypeAndId = { type: 'Model', id: model.id };
  entities.push({
    uid: ofModel,
    attrs: { name: model.name, state: model.state },
    parents: [space],
    tags: { ...model.tags },
  });
  if (!version) return { principal: caller, resource: ofModel, entities };
  const ofVersion: TypeAndId = { type: 'Version', id: `${model.id}/${version.number}` };
  const { number, status, stage, approval, aliases, tags } = version;
  entities.push({
    uid: ofVersion,
    attrs: { number, status, stage, approval: approval.status, aliases: [...aliases], model: model.name },
    parents: [ofModel],
    tags: { ...tags },
  });
  return { principal: caller, resource: ofVersion, entities };
}
