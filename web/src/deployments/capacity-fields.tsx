import ColumnLayout from '@cloudscape-design/components/column-layout';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { CapacityForm } from './target-fields';

interface Props {
  readonly capacity: CapacityForm;
  readonly onChange: (capacity: CapacityForm) => void;
  readonly wrong: (field: string) => string | undefined;
}

/** What an endpoint runs on. */
export function CapacityFields({ capacity, onChange, wrong }: Props) {
  const number = (field: 'instanceCount' | 'memoryMb' | 'maxConcurrency') => (
    <Input
      value={capacity[field]}
      inputMode="numeric"
      onChange={({ detail }) => onChange({ ...capacity, [field]: detail.value })}
    />
  );
  return (
    <SpaceBetween size="m">
      <FormField label="Capacity" errorText={wrong('capacity')}>
        <RadioGroup
          value={capacity.kind}
          items={[
            { value: 'instances', label: 'Instances of its own' },
            { value: 'serverless', label: 'Serverless' },
          ]}
          onChange={({ detail }) => onChange({ ...capacity, kind: detail.value as CapacityForm['kind'] })}
        />
      </FormField>
      {capacity.kind === 'instances' ? (
        <ColumnLayout columns={2}>
          <FormField label="Instance type" errorText={wrong('capacity.instanceType')}>
            <Input
              value={capacity.instanceType}
              onChange={({ detail }) => onChange({ ...capacity, instanceType: detail.value })}
            />
          </FormField>
          <FormField label="Instances" errorText={wrong('capacity.instanceCount')}>
            {number('instanceCount')}
          </FormField>
        </ColumnLayout>
      ) : (
        <ColumnLayout columns={2}>
          <FormField
            label="Memory in MB"
            constraintText="A multiple of 1024"
            errorText={wrong('capacity.serverless.memoryMb')}
          >
            {number('memoryMb')}
          </FormField>
          <FormField
            label="Requests at once"
            constraintText="1 to 200"
            errorText={wrong('capacity.serverless.maxConcurrency')}
          >
            {number('maxConcurrency')}
          </FormField>
        </ColumnLayout>
      )}
    </SpaceBetween>
  );
}
