import Checkbox from '@cloudscape-design/components/checkbox';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import type { ApiError } from '../../../client/api';
import { fieldError } from '../ui/field-error';
import { CapacityFields } from './capacity-fields';
import type { TargetForm } from './target-fields';
import { VariantsField } from './variants-field';

interface Props {
  readonly form: TargetForm;
  readonly change: (changes: Partial<TargetForm>) => void;
  readonly stages: readonly string[];
  readonly isNew: boolean;
  readonly error: ApiError | null;
}

const STRATEGIES: readonly { value: TargetForm['strategy']; label: string }[] = [
  { value: 'all_at_once', label: 'All at once' },
  { value: 'canary', label: 'Canary' },
  { value: 'linear', label: 'Linear' },
];

/** What a SageMaker endpoint is to be like. */
export function SageMakerFields({ form, change, stages, isNew, error }: Props) {
  const wrong = (field: string) => fieldError(error, `body.sagemaker.${field}`);
  const text = (
    field: 'name' | 'executionRoleArn' | 'weight' | 'stepPercent' | 'bakeSeconds' | 'captureUri' | 'capturePercent',
    placeholder = '',
  ) => (
    <Input
      value={form[field]}
      placeholder={placeholder}
      inputMode={['weight', 'stepPercent', 'bakeSeconds', 'capturePercent'].includes(field) ? 'numeric' : 'text'}
      onChange={({ detail }) => change({ [field]: detail.value })}
    />
  );
  return (
    <SpaceBetween size="m">
      {isNew && (
        <FormField
          label="Name of the endpoint – optional"
          description="After the prefix of the settings. Otherwise it is made of model and stage. It stays."
          errorText={wrong('name')}
        >
          {text('name')}
        </FormField>
      )}
      <FormField
        label="Execution role"
        description="One of the roles of the settings."
        errorText={wrong('executionRoleArn')}
      >
        {text('executionRoleArn', 'arn:aws:iam::123456789012:role/endpoints')}
      </FormField>
      <CapacityFields capacity={form.capacity} onChange={(capacity) => change({ capacity })} wrong={wrong} />
      <FormField label="Way of going over" errorText={wrong('update.strategy')}>
        <Select
          selectedOption={STRATEGIES.find(({ value }) => value === form.strategy) ?? null}
          options={STRATEGIES}
          onChange={({ detail }) => change({ strategy: detail.selectedOption.value as TargetForm['strategy'] })}
        />
      </FormField>
      {form.strategy !== 'all_at_once' && (
        <FormField
          label={form.strategy === 'canary' ? 'Per cent of the canary' : 'Per cent of each step'}
          constraintText="5 to 50"
          errorText={wrong('update.stepPercent')}
        >
          {text('stepPercent')}
        </FormField>
      )}
      <FormField
        label="Seconds under watch"
        description="In which alarms may still call the traffic back."
        constraintText="0 to 3600"
        errorText={wrong('update.bakeSeconds')}
      >
        {text('bakeSeconds')}
      </FormField>
      <FormField
        label="Alarms – optional"
        description="Names of CloudWatch alarms, one a line."
        errorText={wrong('update.alarms')}
      >
        <Textarea value={form.alarms} rows={2} onChange={({ detail }) => change({ alarms: detail.value })} />
      </FormField>
      <ExpandableSection
        headerText="Data capture and further variants"
        defaultExpanded={form.variants.length > 0 || form.captureUri !== ''}
      >
        <SpaceBetween size="m">
          <FormField label="Where requests and answers are kept – optional" errorText={wrong('dataCapture.s3Uri')}>
            {text('captureUri', 's3://captures/churn')}
          </FormField>
          {form.captureUri !== '' && (
            <FormField label="Per cent of them" errorText={wrong('dataCapture.percent')}>
              {text('capturePercent')}
            </FormField>
          )}
          {form.monitoring && (
            <FormField
              description="What the monitors watch and compare is set through the API."
              errorText={wrong('monitoring')}
            >
              <Checkbox checked={form.isMonitored} onChange={({ detail }) => change({ isMonitored: detail.checked })}>
                Go on monitoring
              </Checkbox>
            </FormField>
          )}
          <FormField label="Weight of the stage's own variant" errorText={wrong('weight')}>
            {text('weight')}
          </FormField>
          <VariantsField
            variants={form.variants}
            stages={stages}
            onChange={(variants) => change({ variants })}
            wrong={wrong}
          />
        </SpaceBetween>
      </ExpandableSection>
    </SpaceBetween>
  );
}
