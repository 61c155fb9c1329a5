import Link from '@cloudscape-design/components/link';

/** A link to an address that somebody gave: a link only where it leads to a web page, and never one that runs anything. */
export function OuterLink({ href, children = href }: { href: string; children?: string }) {
  if (!isWebAddress(href)) return <span className="signet-wrap">{children}</span>;
  return (
    <Link href={href} external externalIconAriaLabel="Opens in a new tab" rel="noopener noreferrer nofollow">
      <span className="signet-wrap">{children}</span>
    </Link>
  );
}

function isWebAddress(href: string): boolean {
  return URL.canParse(href) && ['http:', 'https:'].includes(new URL(href).protocol);
}
