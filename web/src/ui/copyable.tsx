import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';

/** A digest or an id: its beginning, and a button that copies all of it. */
export function Copyable({ text, shown = text, name }: { text: string; shown?: string; name: string }) {
  return (
    <span className="signet-code" title={text}>
      {shown}{' '}
      <CopyToClipboard
        variant="icon"
        textToCopy={text}
        copyButtonAriaLabel={`Copy ${name}`}
        copySuccessText="Copied"
        copyErrorText="It could not be copied"
      />
    </span>
  );
}

/** A digest by its first characters. */
export function Digest({ value, name = 'the digest' }: { value: string | undefined; name?: string }) {
  return value === undefined ? <>–</> : <Copyable text={value} shown={`${value.slice(0, 12)}…`} name={name} />;
}
