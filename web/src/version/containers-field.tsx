import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import type { ApiError } from '../../../client/api';
import { LIMITS } from '../../../core/domain/limits';
import { fieldError } from '../ui/field-error';
import { ListEditor } from '../ui/list-editor';
import type { Version } from './types';

type Container = Version['containers'][number];

/** A container while it is edited; its environment is kept as it is. */
export interface ContainerDraft extends Pick<Container, 'image' | 'environment'> {
  readonly digest: string;
  readonly modelData: string;
}

const NEW: ContainerDraft = { image: '', digest: '', modelData: '' };

/** Containers as they are edited. */
export function draftsOf(containers: readonly Container[]): ContainerDraft[] {
  return containers.map(({ digest = '', modelData = '', ...rest }) => ({ ...rest, digest, modelData }));
}

/** The containers that drafts mean: what is empty is left out. */
export function containersOf(drafts: readonly ContainerDraft[]): Container[] {
  return drafts.map(({ digest, modelData, ...rest }) => ({
    ...rest,
    ...(digest !== '' && { digest }),
    ...(modelData !== '' && { modelData }),
  }));
}

interface Props {
  readonly drafts: readonly ContainerDraft[];
  readonly onChange: (drafts: readonly ContainerDraft[]) => void;
  readonly error: ApiError | null;
}

/** Edits the containers that serve a version. */
export function ContainersField({ drafts, onChange, error }: Props) {
  const wrong = (index: number, field: string) => fieldError(error, `body.containers.${index}.${field}`);
  return (
    <FormField
      label="Containers – optional"
      description="An endpoint runs them: each with its image, and the file that it loads."
      stretch
    >
      <ListEditor
        items={drafts}
        onChange={onChange}
        blank={NEW}
        add="Add container"
        name="container"
        most={LIMITS.containers}
      >
        {({ image, digest, modelData }, set, index) => (
          <>
            <FormField label="Image" errorText={wrong(index, 'image')} stretch>
              <Input
                value={image}
                placeholder="123456789012.dkr.ecr.eu-west-1.amazonaws.com/server:5"
                onChange={({ detail }) => set({ image: detail.value })}
              />
            </FormField>
            <FormField label="Digest of the image – optional" errorText={wrong(index, 'digest')} stretch>
              <Input
                value={digest}
                placeholder="sha256:…"
                onChange={({ detail }) => set({ digest: detail.value.trim() })}
              />
            </FormField>
            <FormField
              label="Loads – optional"
              constraintText="Path of a file of the version."
              errorText={wrong(index, 'modelData')}
              stretch
            >
              <Input
                value={modelData}
                placeholder="model.onnx"
                onChange={({ detail }) => set({ modelData: detail.value })}
              />
            </FormField>
          </>
        )}
      </ListEditor>
    </FormField>
  );
}
