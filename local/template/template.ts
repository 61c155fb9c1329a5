/** Any JSON value; a template's values are JSON with intrinsic functions inside. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [name: string]: Json | undefined;
}

/** One entry of a CloudFormation template's `Resources`. */
interface Resource {
  readonly Type: string;
  readonly Properties?: JsonObject;
  readonly Condition?: string;
}

/** The parts of a CloudFormation template that the local run reads. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Parameters?: Readonly<Record<string, { readonly Default?: Json; readonly Type: string }>>;
  readonly Mappings?: Readonly<Record<string, Record<string, Record<string, Json>>>>;
  readonly Conditions?: Readonly<Record<string, Json>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: Json; readonly Condition?: string }>>;
}

/** Whether the value is an object with members: neither null nor a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
