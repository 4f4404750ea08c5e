import type { MeAnswer, UserAnswer } from '@sallyport/core/wire/api-answers.js';
import type { HoldAnswer } from '@sallyport/core/wire/retention-messages.js';
import { useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { meQuery } from '../api/me.js';
import { usersQuery } from '../api/users.js';
import { fuzzyMatch } from '../connect/fuzzy.js';
import { type BlockAct, BlockDialog, BlockedFlag, blockActOf, LiftDialog, useBlocks } from '../control/block-dialog.js';
import { useSingleKeys } from '../frame/keys.js';
import { PageTitle } from '../frame/title.js';
import { useText } from '../i18n/provider.js';
import { HeldFlag } from '../recordings/keep-actions.js';
import { type HoldAct, HoldDialog, HoldItem, holdActOf, useHolds } from '../recordings/subject-hold.js';
import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { SearchBox } from '../ui/field.js';
import { Icon } from '../ui/icon.js';
import { Menu, MenuItem } from '../ui/menu.js';
import { QueryState } from '../ui/query-state.js';
import { Table } from '../ui/table.js';
import { Moment, State } from '../ui/words.js';
import { InventoryTabs } from './tabs.js';
import { DeleteUser, EditUser, NewUser, ResetPassword, ResetTotp } from './user-dialogs.js';

const route = getRouteApi('/frame/inventory/users');
const DOINGS = ['edit', 'password', 'totp', 'delete'] as const;
type Doing = (typeof DOINGS)[number];
type Open = { readonly kind: 'new' } | { readonly kind: Doing | HoldAct | BlockAct; readonly user: UserAnswer };

export function UsersPage() {
  const t = useText();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { q = '' } = route.useSearch();
  const query = useQuery(usersQuery);
  const { data: me } = useSuspenseQuery(meQuery);
  const blocks = useBlocks(me);
  const mayWrite = me.may.includes('user.write');
  const [open, setOpen] = useState<Open>();
  const search = useRef<HTMLInputElement>(null);
  useSingleKeys({ '/': () => search.current?.focus() });
  const close = () => setOpen(undefined);
  const saved = () => void queries.invalidateQueries({ queryKey: ['users'] });
  const matches = ({ name, displayName }: UserAnswer) =>
    q === '' || fuzzyMatch(name, q) !== undefined || fuzzyMatch(displayName, q) !== undefined;
  return (
    <>
      <PageTitle title={t('frame.inventory')} />
      <InventoryTabs current="users" count={query.data?.length} />
      <QueryState query={query} failed={t('inventory.users-failed')}>
        {(users) => (
          <>
            <div className="bar">
              <SearchBox
                label={t('inventory.find-user')}
                value={q}
                onValue={(value) =>
                  void navigate({ to: '/inventory/users', search: value === '' ? {} : { q: value }, replace: true })
                }
                inputRef={search}
              />
              {mayWrite && (
                <span className="push">
                  <Button kind="primary" icon="plus" onClick={() => setOpen({ kind: 'new' })}>
                    {t('inventory.add-user')}
                  </Button>
                </span>
              )}
            </div>
            <UserTable users={users.filter(matches)} me={me} blocks={blocks} onOpen={setOpen} />
          </>
        )}
      </QueryState>
      {open?.kind === 'new' && <NewUser onSaved={saved} onClose={close} />}
      {open?.kind === 'edit' && <EditUser user={open.user} onSaved={saved} onClose={close} />}
      {open?.kind === 'password' && <ResetPassword user={open.user} onSaved={saved} onClose={close} />}
      {open?.kind === 'totp' && <ResetTotp user={open.user} onSaved={saved} onClose={close} />}
      {(open?.kind === 'hold' || open?.kind === 'release') && (
        <HoldDialog act={open.kind} subject="user" of={open.user} onClose={close} />
      )}
      {open?.kind === 'block' && <BlockDialog user={open.user} onClose={close} />}
      {open?.kind === 'lift' && <Lift user={open.user} blocks={blocks} onClose={close} />}
      {open?.kind === 'delete' && <DeleteUser user={open.user} onSaved={saved} onClose={close} />}
    </>
  );
}

type Blocks = ReturnType<typeof useBlocks>;

function Lift({ user, blocks, onClose }: { user: UserAnswer; blocks: Blocks; onClose(): void }) {
  const block = blocks.get(user.id);
  return block && <LiftDialog user={user} block={block} onClose={onClose} />;
}

function UserTable(props: { users: readonly UserAnswer[]; me: MeAnswer; blocks: Blocks; onOpen(open: Open): void }) {
  const { users, me, blocks, onOpen } = props;
  const t = useText();
  const holds = useHolds('user', me);
  if (users.length === 0) return <EmptyState title={t('inventory.no-user-match')} />;
  return (
    <Table
      label={t('inventory.users')}
      stack
      minWidth={780}
      columns={[
        { key: 'name', head: t('inventory.user-name') },
        { key: 'role', head: t('inventory.role'), width: 130 },
        { key: 'state', head: t('inventory.user-state'), width: 130 },
        { key: 'totp', head: t('inventory.second-step'), width: 130, className: 'hide-s' },
        { key: 'created', head: t('inventory.added'), width: 150, className: 'hide-s' },
        { key: 'more', head: t('inventory.actions'), hidden: true, width: 64 },
      ]}
    >
      {users.map((user) => (
        <tr key={user.id}>
          <td className="s-line" title={user.name}>
            <b>{user.name}</b> {user.displayName !== '' && <span className="t3">{user.displayName}</span>}
          </td>
          <td>{t(`inventory.role-${user.role}`)}</td>
          <td>
            <State dot={user.active ? 'live' : 'done'}>
              {t(user.active ? 'inventory.user-active' : 'inventory.user-off')}
            </State>{' '}
            <HeldFlag holds={heldBy(holds.get(user.id))} />
            <BlockedFlag block={blocks.get(user.id)} />
          </td>
          <td className="t2 hide-s">{t(user.totpEnabled ? 'inventory.totp-on' : 'inventory.totp-off')}</td>
          <td className="t3 hide-s">
            <Moment at={user.createdAt} />
          </td>
          <td className="act">
            <UserMenu user={user} me={me} held={holds.has(user.id)} blocked={blocks.has(user.id)} onOpen={onOpen} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

const heldBy = (hold: HoldAnswer | undefined): readonly HoldAnswer[] => (hold === undefined ? [] : [hold]);

/** Nothing, when one may do nothing about a user. */
function UserMenu(props: {
  user: UserAnswer;
  me: MeAnswer;
  held: boolean;
  blocked: boolean;
  onOpen(open: Open): void;
}) {
  const { user, me, held, blocked, onOpen } = props;
  const t = useText();
  const doings = me.may.includes('user.write') ? DOINGS.filter((kind) => kind !== 'totp' || user.totpEnabled) : [];
  const hold = holdActOf(me, held);
  const block = blockActOf(me, user, blocked);
  if (doings.length === 0 && hold === undefined && block === undefined) return null;
  return (
    <Menu label={t('inventory.more-of', { name: user.name })} button={<Icon name="more" />} buttonClass="icon s">
      {(close) => {
        const item = (kind: (typeof DOINGS)[number]) => (
          <MenuItem key={kind} close={close} danger={kind === 'delete'} onDo={() => onOpen({ kind, user })}>
            {t(`inventory.user-do-${kind}`)}
          </MenuItem>
        );
        return (
          <>
            {doings.filter((kind) => kind !== 'delete').map(item)}
            {hold !== undefined && <HoldItem act={hold} close={close} onDo={() => onOpen({ kind: hold, user })} />}
            {block !== undefined && (
              <MenuItem close={close} onDo={() => onOpen({ kind: block, user })}>
                {t(`control.do-${block}`)}
              </MenuItem>
            )}
            {doings.filter((kind) => kind === 'delete').map(item)}
          </>
        );
      }}
    </Menu>
  );
}
