import type { S3Client } from '@aws-sdk/client-s3';
import { isObject, type JsonObject } from '../template';
import { readModelData } from './model-data';
import { type OnnxModel, OnnxRuntime } from './onnx';
import type { Model, Records } from './records';
import { type Variant, variantsOf } from './variants';

/** The models of one configuration, loaded, by the names of their variants. */
export type Fleet = ReadonlyMap<string, OnnxModel>;

/** Loads the models of configurations, each once, and keeps them as long as they serve. */
export class Fleets {
  private readonly loading = new Map<string, Promise<Fleet>>();
  private readonly runtime = new OnnxRuntime();

  constructor(
    private readonly records: Records,
    private readonly s3: S3Client,
  ) {}

  /**
   * The loaded models of a configuration.
   * @throws Error in SageMaker's words for a container that does not come up, and why it did not
   */
  load(config: string): Promise<Fleet> {
    const known = this.loading.get(config);
    return known ? known.then((fleet) => (isAlive(fleet) ? fleet : this.anew(config, known))) : this.anew(config);
  }

  /** Ends the models of a configuration. */
  async drop(config: string): Promise<void> {
    const known = this.loading.get(config);
    this.loading.delete(config);
    const fleet = await known?.catch(() => undefined);
    await Promise.all([...(fleet?.values() ?? [])].map((model) => model.release()));
  }

  async close(): Promise<void> {
    await this.runtime.close();
  }

  /** Loads a configuration, unless somebody does already. @param dead what is known of it and does not serve any more */
  private anew(config: string, dead?: Promise<Fleet>): Promise<Fleet> {
    const known = this.loading.get(config);
    if (known && known !== dead) return known;
    const fresh = this.open(config);
    this.loading.set(config, fresh);
    // What could not be loaded is tried again when it is asked for again.
    fresh.catch(() => this.loading.delete(config));
    return fresh;
  }

  private async open(config: string): Promise<Fleet> {
    const record = this.records.need('endpoint-config', config);
    const fleet = new Map<string, OnnxModel>();
    const variants = [...variantsOf(record, 'ProductionVariants'), ...variantsOf(record, 'ShadowProductionVariants')];
    try {
      for (const variant of variants) fleet.set(variant.VariantName, await this.openVariant(variant));
    } catch (error) {
      await Promise.all([...fleet.values()].map((model) => model.release()));
      throw error;
    }
    return fleet;
  }

  private async openVariant({ VariantName, ModelName }: Variant): Promise<OnnxModel> {
    try {
      const url = modelDataOf(this.records.need('model', ModelName));
      return await this.runtime.load(await readModelData(this.s3, url));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(
        `The primary container for production variant ${VariantName} did not pass the ping health check. Please check CloudWatch logs for this endpoint. (${reason})`,
        { cause },
      );
    }
  }
}

function isAlive(fleet: Fleet): boolean {
  return [...fleet.values()].every((model) => model.isAlive());
}

/** The containers of a model as it was created. */
export function containersOf({ PrimaryContainer, Containers }: JsonObject): JsonObject[] {
  if (isObject(PrimaryContainer)) return [PrimaryContainer];
  return Array.isArray(Containers) ? Containers.filter(isObject) : [];
}

function modelDataOf({ input }: Model): string {
  const containers = containersOf(input);
  if (containers.length !== 1) throw new Error('only models of one container run locally');
  const url = containers[0]?.['ModelDataUrl'];
  if (typeof url !== 'string') throw new Error('the container has no model data; only ONNX models run locally');
  return url;
}
