import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { RowOf } from '../../../client/api';
import { useCommand, usePages } from '../app/calls';
import { useNotify } from '../app/notifications';
import { useClient } from '../app/registry';
import { bytes } from '../ui/bytes';
import { CommandButton } from '../ui/command-button';
import { Digest } from '../ui/copyable';
import { ErrorAlert } from '../ui/error-alert';
import { PagedTable } from '../ui/paged-table';
import type { Version } from './types';
import { UploadSection } from './upload/upload-section';

type File = RowOf<'listArtifacts'>;

/** The files of a version: sent while they are not final, fetched once they are. */
export default function Files({ version, blocked }: { version: Version; blocked: string | undefined }) {
  const params = { model: version.model, version: version.version };
  const list = usePages('listArtifacts', { params, query: { limit: 50 } });
  const isPending = version.status === 'PENDING';
  const finalise = useCommand('finaliseVersion', { done: () => `The files of version ${version.version} are final.` });
  const remove = useCommand('removeArtifact', { done: () => 'The file was withdrawn.', tellsRefusals: true });
  const none = list.rows.length === 0 ? 'Add a file first.' : undefined;
  return (
    <SpaceBetween size="l">
      <ErrorAlert error={finalise.error} header="The files are not final" />
      <PagedTable
        list={list}
        title="Files"
        description={
          isPending
            ? 'Not final yet. Making them final compares each with what was declared.'
            : 'Final: they never change.'
        }
        actions={
          isPending && (
            <CommandButton
              operation="finaliseVersion"
              variant="primary"
              blocked={blocked ?? none}
              loading={finalise.isPending}
              onClick={() => finalise.mutate([{ params }])}
            >
              Make final
            </CommandButton>
          )
        }
        trackBy="path"
        empty={{ title: 'No files' }}
        columnDefinitions={[
          {
            id: 'path',
            header: 'Path',
            isRowHeader: true,
            minWidth: 180,
            cell: ({ path }) => <span className="signet-wrap">{path}</span>,
          },
          { id: 'size', header: 'Size', cell: ({ size }) => (size === undefined ? '–' : bytes(size)) },
          { id: 'sha256', header: 'SHA-256', minWidth: 190, cell: ({ sha256 }) => <Digest value={sha256} /> },
          {
            id: 'kind',
            header: 'Kept',
            minWidth: 220,
            cell: ({ kind, uri }) => (kind === 'reference' ? <span className="signet-wrap">at {uri}</span> : 'here'),
          },
          {
            id: 'actions',
            header: 'Actions',
            cell: (file) =>
              isPending ? (
                <CommandButton
                  operation="removeArtifact"
                  variant="inline-link"
                  blocked={blocked}
                  ariaLabel={`Withdraw ${file.path}`}
                  onClick={() => remove.mutate([{ params, query: { path: file.path } }])}
                >
                  Withdraw
                </CommandButton>
              ) : (
                <Download version={version} file={file} />
              ),
          },
        ]}
      />
      {isPending && <UploadSection version={version} blocked={blocked} />}
    </SpaceBetween>
  );
}

function Download({ version, file }: { version: Version; file: File }) {
  const client = useClient();
  const notify = useNotify();
  const [isBusy, setIsBusy] = useState(false);
  const fetchIt = async () => {
    setIsBusy(true);
    try {
      const params = { model: version.model, version: version.version };
      const { request } = await client.getDownload({ params, query: { path: file.path } });
      // The store answers with an attachment: the page stays.
      if (request) window.location.assign(request.url);
    } catch (error) {
      notify({ type: 'error', header: 'The file cannot be downloaded', content: (error as Error).message });
    } finally {
      setIsBusy(false);
    }
  };
  if (file.kind === 'reference') return <>–</>;
  return (
    <CommandButton
      operation="getDownload"
      variant="inline-link"
      loading={isBusy}
      ariaLabel={`Download ${file.path}`}
      onClick={() => void fetchIt()}
    >
      Download
    </CommandButton>
  );
}
