<?php

declare(strict_types=1);

namespace Ybb\Admin;

/**
 * PHP's session: who has logged in, and the token of his forms.
 */
final class Session
{
    private function __construct(private ?string $user, private string $token) {}

    public static function start(string $folder): self
    {
        session_save_path($folder);
        session_start(['cookie_httponly' => true, 'cookie_samesite' => 'Lax', 'use_strict_mode' => true]);
        $token = $_SESSION['token'] ?? null;
        if (!is_string($token)) {
            $_SESSION['token'] = $token = bin2hex(random_bytes(16));
        }
        $user = $_SESSION['user'] ?? null;
        return new self(is_string($user) ? $user : null, $token);
    }

    public function user(): ?string
    {
        return $this->user;
    }

    public function token(): string
    {
        return $this->token;
    }

    /** Where somebody wanted to go who has to log in before. */
    public function remember(string $target): void
    {
        $_SESSION['wanted'] = $target;
    }

    public function wanted(): ?string
    {
        $target = $_SESSION['wanted'] ?? null;
        unset($_SESSION['wanted']);
        return is_string($target) ? $target : null;
    }

    /** Another session: nobody who knew the one before has this one. */
    public function logIn(string $user): void
    {
        session_regenerate_id(true);
        $this->user = $_SESSION['user'] = $user;
        $this->token = $_SESSION['token'] = bin2hex(random_bytes(16));
    }

    public function logOut(): void
    {
        $_SESSION = [];
        session_destroy();
        $this->user = null;
    }
}
