import TopNavigation from '@cloudscape-design/components/top-navigation';
import { useNavigate } from 'react-router';
import { useColorMode } from '#shared/frontend/color-mode.ts';
import { useIdentity } from '#shared/frontend/identity.ts';
import { chooseColorMode } from '../color-mode-choice.ts';
import { useSurroundings } from './surroundings.ts';

/** The bar above everything: where one is, who one is, light or dark, sign out. */
export function TopBar() {
  const { environment, onSignOut } = useSurroundings();
  const { email, roles, tenant } = useIdentity();
  const mode = useColorMode();
  const navigate = useNavigate();
  const other = mode === 'dark' ? 'light' : 'dark';
  return (
    <TopNavigation
      identity={{
        href: '/',
        title: `Skafu · ${environment}`,
        onFollow: (event) => {
          event.preventDefault();
          void navigate('/');
        },
      }}
      i18nStrings={{ overflowMenuTriggerText: 'More', overflowMenuTitleText: 'All' }}
      utilities={[
        {
          type: 'button',
          text: other === 'dark' ? 'Dark mode' : 'Light mode',
          ariaLabel: `Switch to ${other} mode`,
          onClick: () => chooseColorMode(other),
        },
        {
          type: 'menu-dropdown',
          text: email,
          iconName: 'user-profile',
          ariaLabel: `Account of ${email}`,
          items: [
            {
              id: 'about',
              text: `Signed in as ${email}`,
              items: [
                { id: 'roles', text: `Roles: ${roles.join(', ') || 'none'}`, disabled: true },
                { id: 'tenant', text: `Tenant: ${tenant || 'none'}`, disabled: true },
              ],
            },
            { id: 'sign-out', text: 'Sign out' },
          ],
          onItemClick: ({ detail }) => {
            if (detail.id === 'sign-out') onSignOut();
          },
        },
      ]}
    />
  );
}
