import { Component, type ReactNode } from 'react';
import { PageFailure } from './page-failure';

/** Shows in place of a page what made it fail; the menu around it still works. Give it the page's address as key. */
export class PageBoundary extends Component<{ children: ReactNode }, { error?: unknown }> {
  override state: { error?: unknown } = {};

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override componentDidMount() {
    window.scrollTo(0, 0);
  }

  override render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return <PageFailure of="This page failed" error={error} onRetry={() => window.location.reload()} />;
  }
}
