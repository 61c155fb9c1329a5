import TextContent from '@cloudscape-design/components/text-content';
import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { OuterLink } from './outer-link';

/**
 * Nothing of the text becomes HTML by itself: it is turned into elements, raw HTML stays text, addresses of links are
 * those of web pages, and pictures, which would tell their server who reads this, are links to them.
 */
const COMPONENTS: Components = {
  // Headings stand below the title of the part of the page that they are in.
  h1: 'h3',
  h2: 'h4',
  h3: 'h5',
  h4: 'h6',
  h5: 'h6',
  a: ({ href, children }) => <OuterLink href={href ?? ''}>{textOf(children)}</OuterLink>,
  img: ({ src, alt }) => <OuterLink href={typeof src === 'string' ? src : ''}>{alt || 'picture'}</OuterLink>,
};

/** Renders markdown; loaded only where there is some. */
export default function MarkdownRendered({ text }: { text: string }) {
  return (
    <TextContent>
      <div className="signet-markdown">
        <ReactMarkdown remarkPlugins={[remarkGfm]} components={COMPONENTS}>
          {text}
        </ReactMarkdown>
      </div>
    </TextContent>
  );
}

function textOf(children: unknown): string {
  if (Array.isArray(children)) return children.map(textOf).join('');
  if (typeof children === 'string' || typeof children === 'number') return String(children);
  const inner = (children as { props?: { children?: unknown } } | null)?.props?.children;
  return inner === undefined ? '' : textOf(inner);
}
