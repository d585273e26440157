<?php

declare(strict_types=1);

namespace Ybb\Export\Pages\Endpoint;

use Psr\Http\Message\ResponseInterface;
use Ybb\Export\Answer;
use Ybb\Export\Auth\RequestGuard;
use Ybb\Export\Http\Call;
use Ybb\Export\Http\Refused;
use Ybb\Export\Http\Responder;
use Ybb\Export\Http\ShowsAgain;
use Ybb\Export\Http\StatusCode;
use Ybb\Export\Pages\ExportForm;
use Ybb\Export\Pages\Form;
use Ybb\Export\Pages\Html;
use Ybb\Export\Pages\PageResponder;
use Ybb\Export\Pages\Problem;
use Ybb\Export\Pages\Texts;

/**
 * GET /exports/new: the form, filled in as the link says. POST: estimates what it asks for, or starts it.
 */
final readonly class NewExport implements ShowsAgain
{
    public const PATH = '/exports/new';

    public function __construct(private PageResponder $pages) {}

    public function answer(Call $call): ResponseInterface
    {
        if ($call->request->getMethod() !== 'POST') {
            return $this->show($call, $this->linked($call), null);
        }
        $form = self::sent($call);
        try {
            $request = RequestGuard::of($form->request($call->user()->address), $call->user());
        } catch (Refused $refused) {
            return $this->show($call, $form, $refused->answer, $refused->status);
        }
        if ($form->text('do') === 'estimate') {
            return $this->show($call, $form, $call->exporter->estimate($request));
        }
        $answer = $call->exporter->start($request, $call->user()->address);
        return $answer->exportId() === ''
            ? $this->show($call, $form, $answer)
            : $this->pages->seeOther('/exports/' . $answer->exportId());
    }

    public function showAgain(Call $call, Refused $refused): ResponseInterface
    {
        return $this->show($call, self::sent($call), $refused->answer, $refused->status);
    }

    private static function sent(Call $call): Form
    {
        $body = $call->request->getParsedBody();
        return new Form(is_array($body) ? $body : []);
    }

    /** The form that a link fills in: with what it says, or as an export was asked for. */
    private function linked(Call $call): Form
    {
        $query = $call->request->getQueryParams();
        $id = $query['repeat'] ?? null;
        if ($id === null) {
            return new Form($query);
        }
        if (!is_string($id) || preg_match('/^exp_[a-z0-9]{26}$/D', $id) !== 1) {
            throw Refused::noSuchPage();
        }
        $status = $call->exporter->status($id, $call->owner());
        $request = $status->get('metadata', 'request');
        return $status->isRefusal() ? throw Refused::with($status) : Form::of(is_array($request) ? $request : []);
    }

    /** @param null|Answer $answer to what was asked for */
    private function show(Call $call, Form $form, ?Answer $answer, ?int $status = null): ResponseInterface
    {
        $status ??= $answer === null ? 200 : StatusCode::of($answer);
        $texts = Texts::for($call->request);
        $catalog = $call->exporter->templates();
        $types = $catalog->get('export_types');
        $types = is_array($types) ? $types : [];
        $type = isset($types[$form->text('export_type')]) ? $form->text('export_type') : (string) array_key_first($types);
        $view = new ExportForm($texts, $catalog, $type, $form);
        $main = Html::all(
            $view->types($this->pages->path(self::PATH)),
            $answer?->isError() === true ? Html::of('p', ['role' => 'alert'], self::problem($texts, $answer)) : null,
            $this->pages->form(
                self::PATH,
                $view->fields($call->user()),
                Html::of('div', ['id' => 'estimate', 'aria-live' => 'polite'], $this->estimate($texts, $answer)),
                Html::of('button', ['type' => 'submit', 'name' => 'do', 'value' => 'estimate', 'class' => 'secondary'], $texts->of('new.estimate')),
                ' ',
                Html::of('button', ['type' => 'submit', 'name' => 'do', 'value' => 'start', 'class' => 'primary'], $texts->of('new.start')),
            ),
        );
        $response = $this->pages->page($call, $texts->of('new.title'), $main, $status);
        foreach ($answer === null ? [] : Responder::whenAgain($answer, $status) as $name => $value) {
            $response = $response->withHeader($name, $value);
        }
        return $response;
    }

    private static function problem(Texts $texts, Answer $answer): Html
    {
        return $answer->errorCode() === 'CSRF_TOKEN'
            ? Html::all($texts->of('new.again'))
            : (new Problem($texts))->of($answer, $texts->of('new.refused') . ' ');
    }

    private function estimate(Texts $texts, ?Answer $answer): ?Html
    {
        if ($answer === null || $answer->isError()) {
            return null;
        }
        $number = static function (string ...$path) use ($answer): int {
            $value = $answer->get(...$path);
            return is_int($value) || is_float($value) ? (int) ceil($value) : 0;
        };
        return Html::all(
            Html::of('h2', [], $texts->of('estimate.title')),
            Html::of('p', [], $texts->of('estimate.figures', [
                'records' => $texts->number($number('estimated_records')),
                'files' => $texts->number($number('data', 'total_files')),
                'size' => $answer->text('data', 'estimated_size_text'),
                'seconds' => $texts->number(max(1, $number('data', 'estimated_seconds'))),
            ])),
        );
    }
}
