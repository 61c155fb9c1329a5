import { CfnRegistry, CfnSchema } from 'aws-cdk-lib/aws-eventschemas';
import { Construct } from 'constructs';
import type { EventSchema } from '../../contract/event-schemas';
import { EVENT_SOURCE } from '../../contract/names';

/** Props of {@link EventSchemas}. */
export interface EventSchemasProps {
  /** Unique in the account and region. */
  readonly registryName: string;
  readonly schemas: readonly EventSchema[];
}

/** The schemas of all event types in EventBridge's registry, where rules and code bindings are made from them. */
export class EventSchemas extends Construct {
  constructor(scope: Construct, id: string, props: EventSchemasProps) {
    super(scope, id);
    const registry = new CfnRegistry(this, 'Registry', {
      registryName: props.registryName,
      description: 'Events of the model registry',
    });
    for (const { name, description, content } of props.schemas) {
      new CfnSchema(this, name, {
        registryName: registry.attrRegistryName,
        // The name that EventBridge itself gives to schemas: source@detail-type.
        schemaName: `${EVENT_SOURCE}@${name}`,
        type: 'JSONSchemaDraft4',
        description,
        content,
      });
    }
  }
}
