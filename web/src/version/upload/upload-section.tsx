import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import FileDropzone from '@cloudscape-design/components/file-dropzone';
import FileInput from '@cloudscape-design/components/file-input';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../../app/may';
import { useClient } from '../../app/registry';
import type { Version } from '../types';
import { UploadRow } from './upload-row';
import { beginUpload, useUploads } from './uploads';

/** Sends files of a version whose files are not final yet. */
export function UploadSection({ version, blocked }: { version: Version; blocked: string | undefined }) {
  const client = useClient();
  const queries = useQueryClient();
  const uploads = useUploads(version.model, version.version);
  const [folder, setFolder] = useState('');
  const { why } = useMay()('declareArtifacts');
  const reason = blocked ?? why;
  const add = (files: readonly File[]) => {
    const prefix = folder.replace(/\/+$/, '');
    for (const file of files) {
      const name = file.webkitRelativePath || file.name;
      const path = prefix === '' ? name : `${prefix}/${name}`;
      const target = { client, model: version.model, version: version.version, path, file };
      beginUpload(target, () => void queries.invalidateQueries());
    }
  };
  if (reason !== undefined) return <Container header={<Header variant="h2">Add files</Header>}>{reason}</Container>;
  return (
    <Container
      header={
        <Header variant="h2" description="They go straight to the artifact store, in parts that it checks.">
          Add files
        </Header>
      }
    >
      <SpaceBetween size="m">
        <FormField label="Folder – optional" constraintText="Where in the version the files go.">
          <Input value={folder} onChange={({ detail }) => setFolder(detail.value)} placeholder="model" />
        </FormField>
        <FileDropzone onChange={({ detail }) => add(detail.value)}>
          <SpaceBetween size="xs">
            <Box>Drop files here, or</Box>
            <FileInput multiple value={[]} onChange={({ detail }) => add(detail.value)}>
              Choose files
            </FileInput>
          </SpaceBetween>
        </FileDropzone>
        {uploads.map((upload) => (
          <UploadRow key={upload.target.path} upload={upload} />
        ))}
      </SpaceBetween>
    </Container>
  );
}
