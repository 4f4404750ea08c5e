import type { AuditAnswer } from '@sallyport/core/wire/api-answers.js';
import { Link } from '@tanstack/react-router';
import { Fragment, type ReactNode, useState } from 'react';
import { useFormat, useText } from '../i18n/provider.js';
import { IconButton } from '../ui/button.js';
import { GateIcon } from '../ui/gate.js';
import { Table } from '../ui/table.js';

/** Every value comes from outside and is rendered as text. */
export function AuditTable({ entries }: { entries: readonly AuditAnswer[] }) {
  const t = useText();
  const [open, setOpen] = useState<number>();
  return (
    <Table
      label={t('audit.entries')}
      stack
      minWidth={980}
      columns={[
        { key: 'at', head: t('audit.time'), width: 148 },
        { key: 'actor', head: t('audit.actor'), width: 120 },
        { key: 'action', head: t('audit.action'), width: 200 },
        { key: 'target', head: t('audit.target'), width: 150 },
        { key: 'detail', head: t('audit.detail'), className: 'hide-s' },
        { key: 'source', head: t('audit.source'), width: 130, className: 'hide-s' },
        { key: 'open', head: t('audit.facts'), hidden: true, width: 56 },
      ]}
    >
      {entries.map((entry) => (
        <Fragment key={entry.seq}>
          <Row entry={entry} open={open === entry.seq} onOpen={(shown) => setOpen(shown ? entry.seq : undefined)} />
          {open === entry.seq && <Facts entry={entry} />}
        </Fragment>
      ))}
    </Table>
  );
}

function Row({ entry, open, onOpen }: { entry: AuditAnswer; open: boolean; onOpen(open: boolean): void }) {
  const t = useText();
  const format = useFormat();
  const bad = entry.result !== 'ok';
  const detail = detailText(entry);
  return (
    <tr className={open ? 'on' : undefined}>
      <td className="t2">
        <time dateTime={new Date(entry.at).toISOString()} title={format.dateTimeFull(entry.at)}>
          {format.dateTimeSeconds(entry.at)}
        </time>
      </td>
      <td title={entry.actor}>
        <b>{entry.actor}</b>
      </td>
      <td className="s-line">
        <span className={bad ? 'st c-danger' : 'st'}>
          {bad && <GateIcon state="no" className="g16" />}
          <span>{entry.action}</span>
          {bad && <span className="sr">{t(`audit.result-${entry.result}`)}</span>}
        </span>
      </td>
      <td title={entry.target}>
        <Target entry={entry} />
      </td>
      <td className="t2 hide-s" title={detail}>
        {detail}
      </td>
      <td className="t3 hide-s" title={entry.source}>
        {entry.source}
      </td>
      <td className="act">
        <IconButton
          icon={open ? 'close' : 'down'}
          small
          aria-expanded={open}
          label={t('audit.facts-of', { seq: entry.seq })}
          onClick={() => onOpen(!open)}
        />
      </td>
    </tr>
  );
}

const detailText = ({ detail }: AuditAnswer): string =>
  Object.entries(detail ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join('  ');

/** The named thing, led to where it is shown. */
function Target({ entry }: { entry: AuditAnswer }) {
  const { target = '' } = entry;
  const colon = target.indexOf(':');
  const [kind, id] = [target.slice(0, colon), target.slice(colon + 1)];
  const short = `${kind} ${id.slice(0, 8)}`;
  let shown: ReactNode = colon < 0 ? target : short;
  if (kind === 'session' || kind === 'recording') {
    shown = (
      <Link to="/recordings/$id" params={{ id }} preload={false}>
        {short}
      </Link>
    );
  } else if (kind === 'host') {
    shown = (
      <Link to="/inventory/hosts/$id" params={{ id }} preload={false}>
        {short}
      </Link>
    );
  }
  return shown === '' ? <span className="t3">–</span> : shown;
}

function Facts({ entry }: { entry: AuditAnswer }) {
  const t = useText();
  const format = useFormat();
  const facts: [string, string][] = [
    [t('audit.seq'), String(entry.seq)],
    [t('audit.time'), format.dateTimeFull(entry.at)],
    [t('audit.result'), t(`audit.result-${entry.result}`)],
    [t('audit.actor'), entry.actorId === undefined ? entry.actor : `${entry.actor} (${entry.actorId})`],
    [t('audit.source'), entry.source],
    [t('audit.target'), entry.target ?? '–'],
    ...Object.entries(entry.detail ?? {}).map(([key, value]): [string, string] => [key, String(value)]),
    [t('audit.hash'), entry.hash],
    [t('audit.prev-hash'), entry.prevHash],
  ];
  return (
    <tr className="facts">
      <td colSpan={7}>
        <dl className="kv">
          {facts.map(([name, value]) => (
            <Fragment key={name}>
              <dt>{name}</dt>
              <dd className="mono">{value}</dd>
            </Fragment>
          ))}
        </dl>
      </td>
    </tr>
  );
}
