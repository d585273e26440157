<?php

declare(strict_types=1);

namespace Ybb\Admin;

use Ybb\Export\Auth\Identity;
use Ybb\Export\Auth\TokenGuard;
use Ybb\Export\Pages\Html;
use Ybb\Export\Pages\Layout;

/**
 * What stands around every page, those of the exports too: the admin's own navigation.
 */
final readonly class Shell implements Layout
{
    private const PAGES = ['/participants' => 'Participants', '/payments' => 'Payments', '/ambassadors' => 'Ambassadors', '/exports' => 'Exports'];

    public function __construct(private ?Identity $user, private string $token) {}

    public function page(string $language, string $title, Html $head, Html $main): string
    {
        return Html::of(
            'html',
            ['lang' => $language],
            Html::of(
                'head',
                [],
                Html::of('meta', ['charset' => 'utf-8']),
                Html::of('meta', ['name' => 'viewport', 'content' => 'width=device-width, initial-scale=1']),
                Html::of('title', [], "$title – Admin"),
                Html::of('link', ['rel' => 'stylesheet', 'href' => '/admin.css']),
                $head,
            ),
            Html::of(
                'body',
                [],
                Html::of('header', ['lang' => 'en'], Html::of('strong', [], 'YBB Admin'), $this->user === null ? null : $this->navigation($this->user)),
                Html::of('main', ['class' => 'ybb-export'], $main),
            ),
        )->document();
    }

    /** A form of the admin's own. */
    public function form(string $action, Html|string ...$fields): Html
    {
        $token = Html::of('input', ['type' => 'hidden', 'name' => TokenGuard::FIELD, 'value' => $this->token]);
        return Html::of('form', ['method' => 'post', 'action' => $action], $token, ...$fields);
    }

    private function navigation(Identity $user): Html
    {
        $links = [];
        foreach (self::PAGES as $path => $title) {
            $links[] = Html::of('li', [], Html::of('a', ['href' => $path], $title));
        }
        return Html::all(
            Html::of('nav', ['aria-label' => 'Admin'], Html::of('ul', [], ...$links)),
            $this->form('/logout', Html::of('span', [], $user->id . ' '), Html::of('button', ['type' => 'submit'], 'Log out')),
        );
    }
}
