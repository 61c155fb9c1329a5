import { isObject, type Json, type JsonObject } from '../template';
import { BadInput, type NamedTensor, type TensorData } from './onnx';

interface Kind {
  /** The runtime's name. */
  readonly type: string;
  readonly make: (values: readonly Json[]) => TensorData;
}

const whole = (value: Json): bigint => {
  if (typeof value === 'number' ? Number.isInteger(value) : /^-?\d{1,20}$/.test(String(value)))
    return BigInt(value as number);
  throw new BadInput(`${JSON.stringify(value)} is not a whole number`);
};
const number = (value: Json): number => {
  if (typeof value === 'number') return value;
  throw new BadInput(`${JSON.stringify(value)} is not a number`);
};

/** Data types of the protocol, and what the runtime makes of them. */
const KINDS: Readonly<Record<string, Kind>> = {
  BOOL: { type: 'bool', make: (values) => Uint8Array.from(values, (value) => (value ? 1 : 0)) },
  UINT8: { type: 'uint8', make: (values) => Uint8Array.from(values, number) },
  UINT16: { type: 'uint16', make: (values) => Uint16Array.from(values, number) },
  UINT32: { type: 'uint32', make: (values) => Uint32Array.from(values, number) },
  UINT64: { type: 'uint64', make: (values) => BigUint64Array.from(values, whole) },
  INT8: { type: 'int8', make: (values) => Int8Array.from(values, number) },
  INT16: { type: 'int16', make: (values) => Int16Array.from(values, number) },
  INT32: { type: 'int32', make: (values) => Int32Array.from(values, number) },
  INT64: { type: 'int64', make: (values) => BigInt64Array.from(values, whole) },
  FP32: { type: 'float32', make: (values) => Float32Array.from(values, number) },
  FP64: { type: 'float64', make: (values) => Float64Array.from(values, number) },
  BYTES: { type: 'string', make: (values) => values.map(String) },
};

/** A request of the protocol, understood. */
export interface InferRequest {
  readonly id?: string;
  readonly inputs: readonly NamedTensor[];
  readonly outputs?: readonly string[];
}

/**
 * Reads a request of the Open Inference Protocol (KServe version 2) in JSON, as Triton takes it on SageMaker: `inputs` with name,
 * shape, datatype and data, nested or flat.
 * @throws BadInput naming what is wrong
 */
export function readRequest(text: string): InferRequest {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new BadInput('the request is not JSON');
  }
  if (!isObject(body) || !Array.isArray(body['inputs'])) throw new BadInput("the request has no 'inputs'");
  const { id, outputs } = body;
  const wanted = Array.isArray(outputs) ? outputs.filter(isObject).map(({ name }) => String(name)) : [];
  return {
    ...(id !== undefined && { id: String(id) }),
    inputs: body['inputs'].map(readTensor),
    ...(wanted.length > 0 && { outputs: wanted }),
  };
}

function readTensor(input: Json): NamedTensor {
  const { name, shape, datatype, data } = isObject(input) ? input : ({} as JsonObject);
  const kind = Object.hasOwn(KINDS, String(datatype)) ? KINDS[String(datatype)] : undefined;
  if (typeof name !== 'string') throw new BadInput('an input has no name');
  if (!kind)
    throw new BadInput(
      `input '${name}' has the datatype ${String(datatype)}; known are ${Object.keys(KINDS).join(', ')}`,
    );
  const sizes = Array.isArray(shape) ? shape.map(number) : undefined;
  if (!sizes || !Array.isArray(data)) throw new BadInput(`input '${name}' needs a shape and data`);
  const values = (data as unknown[]).flat(Number.POSITIVE_INFINITY) as Json[];
  const count = sizes.reduce((product, size) => product * size, 1);
  if (values.length !== count) {
    throw new BadInput(`input '${name}' has ${values.length} values, its shape [${sizes.join(', ')}] takes ${count}`);
  }
  return { name, type: kind.type, data: kind.make(values), shape: sizes };
}

/** The answer to a request. */
export function writeAnswer(model: string, id: string | undefined, outputs: readonly NamedTensor[]): string {
  const written = outputs.map(({ name, type, data, shape }) => {
    const [datatype = type.toUpperCase()] = Object.entries(KINDS).find(([, kind]) => kind.type === type) ?? [];
    return { name, datatype, shape, data: Array.from(data as ArrayLike<unknown>, plain) };
  });
  return JSON.stringify({ model_name: model, model_version: '1', ...(id !== undefined && { id }), outputs: written });
}

/** JSON has no integers of 64 bits: those that a double cannot hold become texts. */
function plain(value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}
