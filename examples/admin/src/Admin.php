<?php

declare(strict_types=1);

namespace Ybb\Admin;

use Nyholm\Psr7\Factory\Psr17Factory;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\ServerRequestInterface;
use Psr\Http\Server\RequestHandlerInterface;
use Ybb\Export\Auth\Identity;
use Ybb\Export\Auth\TokenGuard;
use Ybb\Export\Pages\Html;

/**
 * The admin's own pages; whatever else is asked for are the exports'.
 */
final readonly class Admin implements RequestHandlerInterface
{
    private const POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    private const START = '/participants';

    public function __construct(
        private Users $users,
        private Session $session,
        private Shell $shell,
        private Lists $lists,
        private RequestHandlerInterface $exports,
        private Psr17Factory $factory,
    ) {}

    public function handle(ServerRequestInterface $request): ResponseInterface
    {
        $path = $request->getUri()->getPath();
        $posted = $request->getMethod() === 'POST';
        $user = $this->users->current();
        return match (true) {
            $path === '/admin.css' => $this->style(),
            $path === '/login' => $posted ? $this->checkLogin($request) : $this->loginPage(''),
            $path === '/logout' && $posted => $this->logOut($request),
            $path === '/' => $this->goTo(self::START),
            $user === null && !str_starts_with($path, '/api/') && !str_starts_with($path, '/exports/assets/') => $this->toLogin($request),
            $user !== null && Lists::has(substr($path, 1)) => $this->list(substr($path, 1), $user, $request),
            default => $this->exports->handle($request),
        };
    }

    private function list(string $name, Identity $user, ServerRequestInterface $request): ResponseInterface
    {
        $query = $request->getQueryParams();
        $given = [];
        foreach (array_keys(Lists::filters($name)) as $filter) {
            $value = $query['filters'] ?? null;
            foreach (explode('.', $filter) as $key) {
                $value = is_array($value) ? $value[$key] ?? null : null;
            }
            $given[$filter] = is_string($value) ? $value : '';
        }
        $page = $query['page'] ?? '1';
        $page = is_string($page) && preg_match('/^[1-9][0-9]{0,5}$/D', $page) === 1 ? (int) $page : 1;
        [$count, $rows] = $this->lists->rows($name, $user, $given, $page);
        $view = new ListPage($name, $given, $page, $count, $rows, $user->programs[0] ?? null);
        return $this->page(Lists::title($name), $view->main());
    }

    private function loginPage(string $problem, int $status = 200): ResponseInterface
    {
        return $this->page('Log in', Html::all(
            Html::of('h1', [], 'Log in'),
            $problem === '' ? null : Html::of('p', ['role' => 'alert'], $problem),
            $this->shell->form(
                '/login',
                self::field('Name', 'name', 'text', 'username'),
                self::field('Password', 'password', 'password', 'current-password'),
                Html::of('button', ['type' => 'submit', 'class' => 'primary'], 'Log in'),
            ),
        ), $status);
    }

    private static function field(string $label, string $name, string $type, string $fill): Html
    {
        return Html::of(
            'div',
            ['class' => 'field'],
            Html::of('label', ['for' => $name], $label),
            Html::of('input', ['id' => $name, 'name' => $name, 'type' => $type, 'autocomplete' => $fill, 'required' => true]),
        );
    }

    private function checkLogin(ServerRequestInterface $request): ResponseInterface
    {
        if (!$this->isOurs($request)) {
            return $this->loginPage('This form was too old. Please try again.', 403);
        }
        $given = $request->getParsedBody();
        $text = static fn(string $name): string => is_array($given) && is_string($given[$name] ?? null) ? $given[$name] : '';
        if (!$this->users->areRight($text('name'), $text('password'))) {
            return $this->loginPage('Name or password are not right.', 403);
        }
        $this->session->logIn($text('name'));
        return $this->goTo($this->session->wanted() ?? self::START);
    }

    /** A link to an export leads there behind the login. */
    private function toLogin(ServerRequestInterface $request): ResponseInterface
    {
        $target = $request->getRequestTarget();
        // two slashes would lead to another host
        if ($request->getMethod() === 'GET' && preg_match('#^/[a-z]#', $target) === 1) {
            $this->session->remember($target);
        }
        return $this->goTo('/login');
    }

    private function logOut(ServerRequestInterface $request): ResponseInterface
    {
        if ($this->isOurs($request)) {
            $this->session->logOut();
        }
        return $this->goTo('/login');
    }

    /** Whether a form is one of our own pages. */
    private function isOurs(ServerRequestInterface $request): bool
    {
        return (new TokenGuard($this->session->token()))->accepts($request);
    }

    private function page(string $title, Html $main, int $status = 200): ResponseInterface
    {
        $page = $this->shell->page('en', $title, Html::all(), $main);
        return $this->factory->createResponse($status)
            ->withHeader('Content-Type', 'text/html; charset=utf-8')
            ->withHeader('Content-Security-Policy', self::POLICY)
            ->withHeader('X-Content-Type-Options', 'nosniff')
            ->withHeader('Referrer-Policy', 'same-origin')
            ->withHeader('Cache-Control', 'no-store')
            ->withBody($this->factory->createStream($page));
    }

    private function style(): ResponseInterface
    {
        return $this->factory->createResponse()
            ->withHeader('Content-Type', 'text/css; charset=utf-8')
            ->withHeader('Cache-Control', 'max-age=60')
            ->withBody($this->factory->createStreamFromFile(__DIR__ . '/../public/admin.css'));
    }

    private function goTo(string $path): ResponseInterface
    {
        return $this->factory->createResponse(303)->withHeader('Location', $path);
    }
}
