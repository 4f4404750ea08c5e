import type { RetentionAnswer, SweepPreviewAnswer } from '@sallyport/core/wire/retention-messages.js';
import { useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { meQuery } from '../api/me.js';
import { retentionQuery, runSweep, setRetention, sweepPreviewQuery } from '../api/retention.js';
import { useFormat, useText } from '../i18n/provider.js';
import { Button, IconButton } from '../ui/button.js';
import { Checkbox, TextField } from '../ui/field.js';
import { SureDialog, useSave } from '../ui/form-dialog.js';
import { Note } from '../ui/note.js';
import { ProblemNote } from '../ui/problem.js';
import { QueryState } from '../ui/query-state.js';
import { Table } from '../ui/table.js';
import { Moment } from '../ui/words.js';
import {
  daysFit,
  goalFits,
  labelsOf,
  readPolicy,
  type TypedPolicy,
  type TypedRule,
  typedPolicy,
} from './typed-policy.js';

const DAY_MS = 86_400_000;

/** How long recordings are kept: the rules, what they would delete now, and the button that does it. */
export function Retention() {
  const t = useText();
  const query = useQuery(retentionQuery);
  return (
    <section id="keep.title" className="setgroup" aria-label={t('keep.title')}>
      <h2>{t('keep.title')}</h2>
      <QueryState query={query} failed={t('keep.failed')}>
        {(kept) => <Rules key={JSON.stringify(kept)} kept={kept} />}
      </QueryState>
      <NextSweep />
      <p>
        <Link to="/recordings/holds">{t('keep.holds-all')}</Link>
      </p>
    </section>
  );
}

function Rules({ kept }: { kept: RetentionAnswer }) {
  const t = useText();
  const queries = useQueryClient();
  const [typed, setTyped] = useState<TypedPolicy>(() => typedPolicy(kept));
  const onSaved = () => void queries.invalidateQueries({ queryKey: ['retention'] });
  const [action, save] = useSave({ onSaved, onClose: () => {} });
  const policy = readPolicy(typed);
  const change = (key: number, to: Partial<TypedRule>) =>
    setTyped({ ...typed, rules: typed.rules.map((rule) => (rule.key === key ? { ...rule, ...to } : rule)) });
  const add = () => {
    const key = Math.max(-1, ...typed.rules.map((rule) => rule.key)) + 1;
    const rule = { key, name: '', labels: '', days: '90', evenWhenFull: false };
    setTyped({ ...typed, rules: [...typed.rules, rule] });
  };
  return (
    <form
      className="form"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (policy !== undefined) save(() => setRetention(policy), t('keep.saved'));
      }}
    >
      <p className="t2">{t('keep.intro')}</p>
      {typed.rules.map((rule, index) => (
        <RuleFields
          key={rule.key}
          rule={rule}
          number={index + 1}
          onChange={(to) => change(rule.key, to)}
          onRemove={() => setTyped({ ...typed, rules: typed.rules.filter(({ key }) => key !== rule.key) })}
        />
      ))}
      <p>
        <Button icon="plus" onClick={add}>
          {t('keep.add')}
        </Button>
      </p>
      <TextField
        label={t('keep.goal')}
        help={t('keep.goal-help')}
        error={goalFits(typed.goal) ? undefined : t('keep.goal-wrong')}
        value={typed.goal}
        onValue={(goal) => setTyped({ ...typed, goal })}
        inputMode="decimal"
        autoComplete="off"
      />
      <Note>{t('keep.floor', { days: String(Math.round((kept.floorMs / DAY_MS) * 100) / 100) })}</Note>
      {action.problem && <ProblemNote problem={action.problem} />}
      <p>
        <Button type="submit" kind="primary" busy={action.busy}>
          {t('keep.save')}
        </Button>
      </p>
    </form>
  );
}

function RuleFields(props: {
  rule: TypedRule;
  number: number;
  onChange(to: Partial<TypedRule>): void;
  onRemove(): void;
}) {
  const { rule, number, onChange, onRemove } = props;
  const t = useText();
  return (
    <fieldset className="rule">
      <legend>{t('keep.rule', { number: String(number) })}</legend>
      <TextField
        label={t('keep.name')}
        value={rule.name}
        onValue={(name) => onChange({ name })}
        maxLength={64}
        autoComplete="off"
        required
      />
      <TextField
        label={t('keep.labels')}
        help={t('keep.labels-help')}
        error={labelsOf(rule) === undefined ? t('keep.labels-unreadable') : undefined}
        value={rule.labels}
        onValue={(labels) => onChange({ labels })}
        autoComplete="off"
      />
      <TextField
        label={t('keep.days')}
        help={t('keep.days-help')}
        error={daysFit(rule) ? undefined : t('keep.days-wrong')}
        value={rule.days}
        onValue={(days) => onChange({ days })}
        inputMode="numeric"
        autoComplete="off"
      />
      <IconButton icon="trash" label={t('keep.remove', { number: String(number) })} onClick={onRemove} />
      <Checkbox
        label={t('keep.even-when-full')}
        checked={rule.evenWhenFull}
        onChecked={(evenWhenFull) => onChange({ evenWhenFull })}
      />
    </fieldset>
  );
}

function NextSweep() {
  const t = useText();
  const format = useFormat();
  const queries = useQueryClient();
  const { data: me } = useSuspenseQuery(meQuery);
  const query = useQuery(sweepPreviewQuery);
  const [asking, setAsking] = useState(false);
  const onSaved = () => {
    for (const key of ['retention', 'sessions']) void queries.invalidateQueries({ queryKey: [key] });
  };
  const [action, save] = useSave({ onSaved, onClose: () => setAsking(false) });
  return (
    <>
      <h3>{t('keep.next')}</h3>
      <QueryState query={query} failed={t('keep.failed')}>
        {(plan) => {
          const told = { count: format.number(plan.count), size: format.bytes(plan.bytes) };
          return (
            <>
              <p>{plan.count === 0 ? t('keep.next-none') : t('keep.next-some', told)}</p>
              {(plan.overBytes ?? 0) > 0 && (
                <Note tone="warn">{t('keep.next-over', { size: format.bytes(plan.overBytes ?? 0) })}</Note>
              )}
              {plan.count > 0 && <Planned plan={plan} />}
              {plan.count > 0 && me.may.includes('recording.delete') && (
                <p>
                  <Button kind="danger" onClick={() => setAsking(true)}>
                    {t('keep.run')}
                  </Button>
                </p>
              )}
              {asking && (
                <SureDialog
                  title={t('keep.run-title')}
                  body={t('keep.next-some', told)}
                  confirm={t('keep.run')}
                  action={action}
                  onConfirm={() => save(runSweep, t('keep.run-done', told))}
                  onClose={() => setAsking(false)}
                />
              )}
            </>
          );
        }}
      </QueryState>
    </>
  );
}

function Planned({ plan }: { plan: SweepPreviewAnswer }) {
  const t = useText();
  const format = useFormat();
  return (
    <Table
      label={t('keep.next-list')}
      stack
      columns={[
        { key: 'user', head: t('recordings.user'), width: 120 },
        { key: 'host', head: t('recordings.host') },
        { key: 'started', head: t('recordings.started'), width: 136 },
        { key: 'size', head: t('recordings.size'), width: 88, className: 'right' },
        { key: 'because', head: t('keep.because'), width: 150 },
      ]}
    >
      {plan.items.map(({ sessionId, userName, hostName, createdAt, bytes, rule, reason }) => (
        <tr key={sessionId}>
          <td>{userName}</td>
          <td className="cut">{hostName}</td>
          <td className="t2">
            <Moment at={createdAt} />
          </td>
          <td className="right">{format.bytes(bytes)}</td>
          <td className="t2" title={reason}>
            {rule}
          </td>
        </tr>
      ))}
    </Table>
  );
}
