<?php

declare(strict_types=1);

/* Stands in for CodeIgniter Shield and Settings, with as little of them as Ybb\Export\CodeIgniter\Auth\ShieldUsers
 * needs, by the names that they have. Who is logged in, and what his groups may, is in the session. */

namespace CodeIgniter\Shield\Entities {
    class User
    {
        public int|string|null $id = null;
        /** @var list<string> */
        public array $permissions = [];

        public function getEmail(): ?string
        {
            return 'seven@example.org';
        }

        public function can(string ...$permissions): bool
        {
            foreach ($permissions as $permission) {
                $all = strstr($permission, '.', true) . '.*';
                if (in_array($permission, $this->permissions, true) || in_array($all, $this->permissions, true)) {
                    return true;
                }
            }
            return false;
        }
    }
}

namespace CodeIgniter\Shield\Authentication {
    interface AuthenticatorInterface {}
}

namespace CodeIgniter\Shield\Authentication\Authenticators {
    use CodeIgniter\Shield\Authentication\AuthenticatorInterface;

    class Session implements AuthenticatorInterface {}
    class AccessTokens implements AuthenticatorInterface {}
}

namespace CodeIgniter\Shield {
    use CodeIgniter\Shield\Authentication\AuthenticatorInterface;
    use CodeIgniter\Shield\Authentication\Authenticators\AccessTokens;
    use CodeIgniter\Shield\Authentication\Authenticators\Session;
    use CodeIgniter\Shield\Entities\User;

    class Auth
    {
        public function user(): ?User
        {
            $permissions = session('permissions') ?? service('request')->getHeaderLine('X-Permissions');
            if (!is_string($permissions) || $permissions === '') {
                return null;
            }
            $user = new User();
            $user->id = 7;
            $user->permissions = explode(' ', $permissions);
            return $user;
        }

        public function getAuthenticator(): AuthenticatorInterface
        {
            return session('permissions') === null ? new AccessTokens() : new Session();
        }
    }
}

namespace {
    use CodeIgniter\Shield\Auth;

    function auth(): Auth
    {
        return new Auth();
    }

    function setting(string $key): mixed
    {
        return $key === 'AuthGroups.permissions'
            ? ['exports.create' => '', 'exports.program-1' => '', 'exports.program-2' => '', 'users.edit' => '']
            : null;
    }
}
