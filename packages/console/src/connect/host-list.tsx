import type { HostAnswer } from '@sallyport/core/wire/api-answers.js';
import { Link } from '@tanstack/react-router';
import { Fragment } from 'react';
import { useText } from '../i18n/provider.js';
import { keyState } from '../inventory/key-state.js';
import { LabelValue } from '../inventory/label-value.js';
import { Button, buttonClass, IconButton } from '../ui/button.js';
import { Select } from '../ui/field.js';
import { CutMiddle, Flag, TimeAgo } from '../ui/words.js';
import type { HostGroup, HostRow } from './host-groups.js';

interface RowActs {
  readonly columns: readonly string[];
  readonly pins: ReadonlySet<string>;
  accountOf(host: HostAnswer): string | undefined;
  onAccount(hostId: string, accountId: string): void;
  onPin(id: string): void;
  onOpen(host: HostAnswer, split: boolean): void;
  onFocus(id: string): void;
}

export function HostList({
  groups,
  chosen,
  ...acts
}: RowActs & { groups: readonly HostGroup[]; chosen: string | undefined }) {
  const t = useText();
  const width = acts.columns.length + 5;
  return (
    <table className="tbl hosts">
      <colgroup>
        <col style={{ width: 44 }} />
        <col />
        {acts.columns.map((key) => (
          <col key={key} className="hide-s" style={{ width: 120 }} />
        ))}
        <col className="hide-s" style={{ width: 132 }} />
        <col className="hide-s" style={{ width: 128 }} />
        <col style={{ width: 176 }} />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">
            <span className="sr">{t('connect.pinned')}</span>
          </th>
          <th scope="col">{t('inventory.host')}</th>
          {acts.columns.map((key) => (
            <th key={key} scope="col" className="hide-s mono">
              {key}
            </th>
          ))}
          <th scope="col" className="hide-s">
            {t('connect.account')}
          </th>
          <th scope="col" className="hide-s">
            {t('connect.last-used')}
          </th>
          <th scope="col">
            <span className="sr">{t('inventory.actions')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {groups.map((group) => (
          <Fragment key={group.name}>
            <tr className="gr">
              <th colSpan={width} scope="colgroup" className="grp">
                {t(`connect.group-${group.name}`)}
              </th>
            </tr>
            {group.rows.map((row) => (
              <Row key={row.host.id} row={row} chosen={row.host.id === chosen} {...acts} />
            ))}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

function Row({ row, chosen, ...acts }: RowActs & { row: HostRow; chosen: boolean }) {
  const t = useText();
  const { host, match } = row;
  const pinned = acts.pins.has(host.id);
  const account = acts.accountOf(host);
  return (
    <tr className={chosen ? 'on' : undefined} data-host={host.id} onFocus={() => acts.onFocus(host.id)}>
      <td>
        <IconButton
          icon="star"
          small
          on={pinned}
          aria-pressed={pinned}
          label={t('connect.pin', { name: host.name })}
          onClick={() => acts.onPin(host.id)}
        />
      </td>
      <td title={`${host.name} ${host.address}:${host.port}`}>
        <div className="row who">
          <b className="row">
            <Marked text={host.name} marks={match.marks} />
          </b>
          <span className="t3 cut">{host.port === 22 ? host.address : `${host.address}:${host.port}`}</span>
        </div>
      </td>
      {acts.columns.map((key) => (
        <td key={key} className="hide-s">
          <LabelValue labels={host.labels} name={key} />
        </td>
      ))}
      <td className={host.accounts.length > 1 ? 'acc' : 'acc hide-s'}>
        {host.accounts.length > 1 && account !== undefined ? (
          <Select
            small
            label={t('connect.account-on', { name: host.name })}
            value={account}
            choices={host.accounts.map(({ id, login }) => ({ value: id, text: login }))}
            onValue={(id) => acts.onAccount(host.id, id)}
          />
        ) : (
          (host.accounts[0]?.login ?? <span className="t3">–</span>)
        )}
      </td>
      <td className="hide-s t3">{host.lastUsedAt !== undefined && <TimeAgo at={host.lastUsedAt} />}</td>
      <td className="act">
        <RowAction
          host={host}
          login={host.accounts.find(({ id }) => id === account)?.login}
          chosen={chosen}
          onOpen={acts.onOpen}
        />
      </td>
    </tr>
  );
}

function RowAction(props: { host: HostAnswer; login: string | undefined; chosen: boolean; onOpen: RowActs['onOpen'] }) {
  const t = useText();
  const { host, login, chosen, onOpen } = props;
  const state = keyState(host);
  if (state === 'changed' || (state === 'waiting' && login !== undefined)) {
    return (
      <Link to="/inventory/hosts/$id" params={{ id: host.id }} className="q" data-main>
        <Flag tone={state === 'changed' ? 'danger' : 'warn'} icon="key">
          {t(`inventory.key-${state}`)}
        </Flag>
      </Link>
    );
  }
  if (login === undefined) {
    return (
      <Link
        to="/inventory/hosts/$id"
        params={{ id: host.id }}
        className={buttonClass({ size: 's', kind: 'quiet' })}
        data-main
      >
        {t('connect.no-account')}
      </Link>
    );
  }
  return (
    <Button
      size="s"
      data-main
      {...(chosen && { kind: 'primary' as const })}
      aria-label={t('connect.connect-to', { host: host.name, login })}
      onClick={(event) => onOpen(host, event.altKey)}
    >
      {t('connect.connect')}
    </Button>
  );
}

/** The name with what matched underlined; long names are cut in the middle when nothing is marked. */
function Marked({ text, marks }: { text: string; marks: readonly (readonly [number, number])[] }) {
  if (marks.length === 0) return <CutMiddle>{text}</CutMiddle>;
  let at = 0;
  return (
    <span className="cut">
      {marks.map(([from, to]) => {
        const before = text.slice(Math.min(at, from), from);
        at = Math.max(at, to);
        return (
          <Fragment key={`${from}-${to}`}>
            {before}
            <mark>{text.slice(from, to)}</mark>
          </Fragment>
        );
      })}
      {text.slice(at)}
    </span>
  );
}
