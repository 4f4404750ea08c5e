import type { ReactNode } from 'react';

export function Card({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section className="card" aria-label={title}>
      <header>
        <h2>{title}</h2>
        {action !== undefined && <span className="push row">{action}</span>}
      </header>
      {children}
    </section>
  );
}
