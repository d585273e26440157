<?php

declare(strict_types=1);

namespace Ybb\Export\Pages;

use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\StreamFactoryInterface;
use Ybb\Export\Auth\CsrfGuard;
use Ybb\Export\Auth\TokenGuard;
use Ybb\Export\Http\Call;
use Ybb\Export\Http\Refused;
use Ybb\Export\Http\Responder;
use Ybb\Export\Pages\Endpoint\MyExports;
use Ybb\Export\Settings;

/**
 * Pages as responses, and what all of them need.
 */
final readonly class PageResponder
{
    public const ASSETS = __DIR__ . '/../../resources/assets';
    /** Nothing of another site, and no script or style within the page. */
    private const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        . "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public function __construct(
        private Settings $settings,
        private Layout $layout,
        private CsrfGuard $csrf,
        private Responder $responder,
        private StreamFactoryInterface $streams,
    ) {}

    public function page(Call $call, string $title, Html $main, int $status = 200): ResponseInterface
    {
        $texts = Texts::for($call->request);
        $path = substr($call->request->getUri()->getPath(), strlen($this->settings->path));
        $navigation = Navigation::at($path, $call->user(), $texts, $this->path(...));
        return $this->document($texts, $title, Html::all($navigation, $this->heading($title), $main), $status);
    }

    private function heading(string $title): Html
    {
        return Html::of('h1', [], $title);
    }

    private function document(Texts $texts, string $title, Html $main, int $status): ResponseInterface
    {
        $head = Html::all(
            Html::of('link', ['rel' => 'stylesheet', 'href' => $this->asset('export.css')]),
            Html::of('script', ['type' => 'module', 'src' => $this->asset('export.js')]),
        );
        $document = $this->layout->page($texts->language, $title, $head, $main);
        return $this->responder->response($status)
            ->withHeader('Content-Type', 'text/html; charset=utf-8')
            ->withHeader('Content-Language', $texts->language)
            ->withHeader('Vary', 'Accept-Language, Cookie')
            ->withHeader('Cache-Control', 'no-store')
            ->withHeader('Content-Security-Policy', self::POLICY)
            ->withHeader('Referrer-Policy', 'same-origin')
            ->withBody($this->streams->createStream($document));
    }

    public function refused(Texts $texts, Refused $refused): ResponseInterface
    {
        $title = $texts->of('refused.title');
        $main = Html::all(
            $this->heading($title),
            Html::of('p', ['role' => 'alert'], (new Problem($texts))->of($refused->answer)),
            $refused->status === 401 ? null : Html::of('p', [], $this->toMine($texts)),
        );
        $response = $this->document($texts, $title, $main, $refused->status);
        foreach ($refused->headers + Responder::whenAgain($refused->answer, $refused->status) as $name => $value) {
            $response = $response->withHeader($name, $value);
        }
        return $response;
    }

    /** The way to the user's exports. */
    public function toMine(Texts $texts): Html
    {
        return Html::of('a', ['href' => $this->path(MyExports::PATH)], $texts->of('mine.title'));
    }

    /** After a form: a page that can be reloaded. */
    public function seeOther(string $path): ResponseInterface
    {
        return $this->responder->response(303)->withHeader('Location', $this->path($path));
    }

    public function path(string $path): string
    {
        return $this->settings->path . $path;
    }

    /** A form of our own. */
    public function form(string $action, Html|string ...$fields): Html
    {
        $token = ['type' => 'hidden', 'name' => TokenGuard::FIELD, 'value' => $this->csrf->token()];
        return Html::of('form', ['method' => 'post', 'action' => $this->path($action)], Html::of('input', $token), ...$fields);
    }

    /**
     * A button that is a form of its own.
     *
     * @param array<string, string> $values that it sends
     */
    public function button(string $action, string $label, string $class = 'secondary', array $values = []): Html
    {
        $fields = [];
        foreach ($values as $name => $value) {
            $fields[] = Html::of('input', ['type' => 'hidden', 'name' => $name, 'value' => $value]);
        }
        return $this->form($action, ...[...$fields, Html::of('button', ['type' => 'submit', 'class' => $class], $label)]);
    }

    /** A button for what cannot be undone: it is shown when it was asked for. */
    public function confirmed(string $action, string $label, string $sure): Html
    {
        return Html::of(
            'details',
            ['class' => 'confirmed'],
            Html::of('summary', [], $label),
            Html::of('p', [], $sure),
            $this->button($action, $label, 'danger'),
        );
    }

    /** A whole address, to be handed on. */
    public function url(string $path): string
    {
        return rtrim($this->settings->baseUrl, '/') . $path;
    }

    /** Its address changes with what is in it, so it is kept for ever. */
    private function asset(string $name): string
    {
        return $this->path('/exports/assets/' . hash_file('crc32b', self::ASSETS . "/$name") . "/$name");
    }
}
