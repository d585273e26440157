<?php

declare(strict_types=1);

namespace Ybb\Export\Pages;

use Ybb\Export\Auth\Identity;

/**
 * The way from page to page.
 */
final class Navigation
{
    private const PAGES = ['/exports/new' => 'new.title', '/exports' => 'mine.title'];
    private const PAGES_OF_ADMINS = ['/exports/statistics' => 'stats.nav'];

    /** @param \Closure(string): string $address of a page's path */
    public static function at(string $path, Identity $user, Texts $texts, \Closure $address): Html
    {
        $links = [];
        foreach (self::PAGES + ($user->isAdmin() ? self::PAGES_OF_ADMINS : []) as $page => $title) {
            $here = $page === $path ? 'page' : null;
            $link = Html::of('a', ['href' => $address($page), 'aria-current' => $here], $texts->of($title));
            $links[] = Html::of('li', [], $link);
        }
        return Html::of('nav', ['aria-label' => $texts->of('nav'), 'class' => 'pages'], Html::of('ul', ['class' => 'types'], ...$links));
    }
}
