import type { AuditAnswer } from '@sallyport/core/wire/api-answers.js';
import { Link } from '@tanstack/react-router';
import { Fragment, useState } from 'react';
import { useFormat, useText } from '../i18n/provider.js';
import { IconButton } from '../ui/button.js';
import { GateIcon } from '../ui/gate.js';
import { Table } from '../ui/table.js';
import { detailWords } from './detail-words.js';
import { type TargetNames, useTargetNames } from './target-names.js';

/** Every value comes from outside and is rendered as text. */
export function AuditTable({ entries }: { entries: readonly AuditAnswer[] }) {
  const t = useText();
  const names = useTargetNames(entries);
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
          <Row
            entry={entry}
            names={names}
            open={open === entry.seq}
            onOpen={(shown) => setOpen(shown ? entry.seq : undefined)}
          />
          {open === entry.seq && <Facts entry={entry} names={names} />}
        </Fragment>
      ))}
    </Table>
  );
}

function Row(props: { entry: AuditAnswer; names: TargetNames; open: boolean; onOpen(open: boolean): void }) {
  const { entry, names, open, onOpen } = props;
  const t = useText();
  const format = useFormat();
  const bad = entry.result !== 'ok';
  const detail = detailWords(entry, t, names);
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
      <td className="s-line" title={entry.action}>
        <span className={bad ? 'st c-danger' : 'st'}>
          {bad && <GateIcon state="no" className="g16" />}
          <span>{t(`actions.${entry.action}`)}</span>
          {bad && <span className="sr">{t(`audit.result-${entry.result}`)}</span>}
        </span>
      </td>
      <td className={entry.target === undefined ? 'hide-s' : undefined} title={entry.target}>
        <Target target={entry.target} names={names} />
      </td>
      <td className="t2 hide-s" title={detail.map((words) => words.join(' ')).join(', ')}>
        {detail.map(([name, value]) => (
          <span key={name} className="said">
            <span className="t3">{name}</span> {value}
          </span>
        ))}
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

/** The named thing by its name where this page knows it, led to where it is shown. */
function Target({ target = '', names }: { target: string | undefined; names: TargetNames }) {
  const t = useText();
  const colon = target.indexOf(':');
  if (colon < 0) return <span className="t3">{target === '' ? '–' : target}</span>;
  const [kind, id] = [target.slice(0, colon), target.slice(colon + 1)];
  const name = names.get(target) ?? id.slice(0, 8);
  switch (kind) {
    case 'session':
    case 'recording':
      return (
        <Link to="/recordings/$id" params={{ id }} preload={false}>
          {t(`details.target-${kind}`, { name })}
        </Link>
      );
    case 'host':
      return names.has(target) ? (
        <Link to="/inventory/hosts/$id" params={{ id }} preload={false}>
          {t('details.target-host', { name })}
        </Link>
      ) : (
        t('details.target-host', { name })
      );
    case 'user':
    case 'account':
      return t(`details.target-${kind}`, { name });
    default:
      return `${kind} ${name}`;
  }
}

function Facts({ entry, names }: { entry: AuditAnswer; names: TargetNames }) {
  const t = useText();
  const format = useFormat();
  const facts: readonly (readonly [string, string])[] = [
    [t('audit.seq'), String(entry.seq)],
    [t('audit.action'), `${t(`actions.${entry.action}`)} (${entry.action})`],
    [t('audit.time'), format.dateTimeFull(entry.at)],
    [t('audit.result'), t(`audit.result-${entry.result}`)],
    [t('audit.actor'), entry.actorId === undefined ? entry.actor : `${entry.actor} (${entry.actorId})`],
    [t('audit.source'), entry.source],
    [t('audit.target'), entry.target ?? '–'],
    ...detailWords(entry, t, names),
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
