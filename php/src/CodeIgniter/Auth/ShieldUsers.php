<?php

declare(strict_types=1);

namespace Ybb\Export\CodeIgniter\Auth;

use CodeIgniter\Shield\Entities\User;
use Psr\Http\Message\ServerRequestInterface;
use Ybb\Export\Auth\Authenticator;
use Ybb\Export\Auth\Identity;
use Ybb\Export\Auth\Role;

/**
 * The users of CodeIgniter Shield, by permissions of Config\AuthGroups: exports.create, exports.admin, and for
 * programs exports.all-programs or exports.program-7.
 */
class ShieldUsers implements Authenticator
{
    public function authenticate(ServerRequestInterface $request): ?Identity
    {
        $user = auth()->user();
        if ($user === null || $user->id === null || !$user->can('exports.create', 'exports.admin')) {
            return null;
        }
        return new Identity(
            (string) $user->id,
            $user->can('exports.admin') ? Role::Admin : Role::Exporter,
            $this->programs($user),
            // a program with an access token sends it itself; a browser sends the session's cookie by itself
            ambient: auth()->getAuthenticator() instanceof \CodeIgniter\Shield\Authentication\Authenticators\Session,
            address: $user->getEmail(),
        );
    }

    /**
     * Which he may export; an application that keeps this elsewhere extends the class.
     *
     * @return null|list<int> null: all
     */
    protected function programs(User $user): ?array
    {
        if ($user->can('exports.all-programs')) {
            return null;
        }
        $programs = [];
        $permissions = setting('AuthGroups.permissions');
        foreach (array_keys(is_array($permissions) ? $permissions : []) as $permission) {
            if (preg_match('/^exports\.program-([1-9][0-9]{0,8})$/D', (string) $permission, $found) === 1
                && $user->can($found[0])) {
                $programs[] = (int) $found[1];
            }
        }
        return $programs;
    }
}
