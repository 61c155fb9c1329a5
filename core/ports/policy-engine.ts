import type { JsonObject } from '../domain/json';
import type { OwnPolicies, PolicyQuestion, Verdict } from '../domain/own-policy';

/** Reads and decides policies of workspaces. Nothing of it is loaded before a workspace has policies. */
export interface PolicyEngine {
  /** Reads the text of one policy and holds it against the schema: what it is when parsed, or what is wrong with it. */
  parse(text: string): Promise<{ readonly parsed: JsonObject } | { readonly wrong: string }>;
  /** Decides. A policy that cannot be evaluated forbids. */
  decide(policies: OwnPolicies, question: PolicyQuestion): Promise<Verdict>;
}
