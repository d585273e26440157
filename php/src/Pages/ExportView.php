<?php

declare(strict_types=1);

namespace Ybb\Export\Pages;

use Ybb\Export\Answer;

/**
 * An export while it is made and afterwards.
 */
final readonly class ExportView
{
    /** How long a link for somebody else holds. */
    public const LINK_SECONDS = 86400;

    /** @param null|string $signature of a link to its file; null: none are signed here */
    public function __construct(
        private Texts $texts,
        private PageResponder $pages,
        private Answer $status,
        private Answer $chunks,
        private ?string $signature,
    ) {}

    public function title(): string
    {
        return $this->texts->of('show.' . match (true) {
            $this->status->isProcessing() => 'processing',
            !$this->status->isError() => 'success',
            $this->status->errorCode() === 'CANCELLED' => 'cancelled',
            $this->status->errorCode() === 'EXPIRED' => 'expired',
            default => 'error',
        });
    }

    public function main(): Html
    {
        $mail = (new MailState($this->texts))->of($this->status);
        $parts = match (true) {
            $this->status->isProcessing() => [$this->progress(), $mail, $this->batches('show.files.so.far'), $this->remove('show.cancel')],
            $this->status->isError() => [$this->failure(), $mail, $this->batches('show.files'), $this->recovery(), $this->remove('show.delete')],
            default => [$this->files(), $mail, $this->handedOn(), $this->warnings(), $this->repeat('show.repeat'), $this->remove('show.delete')],
        };
        $subject = (new Subject($this->texts))->of($this->status, 'metadata');
        return Html::all(
            $subject === '' ? null : Html::of('p', ['class' => 'subject'], $subject),
            Html::of('p', ['id' => 'announce', 'class' => 'unseen', 'role' => 'status', 'aria-live' => 'polite']),
            Html::of('div', ['id' => 'export', 'data-state' => $this->status->text('status')], ...$parts),
        );
    }

    private function progress(): Html
    {
        $percentage = $this->status->get('progress', 'percentage');
        $percentage = is_int($percentage) || is_float($percentage) ? (int) floor($percentage) : 0;
        $figures = $this->texts->of('show.progress', [
            'percentage' => $percentage,
            'done' => $this->number('progress', 'records_processed'),
            'all' => $this->number('progress', 'total_records'),
        ]);
        $position = $this->status->get('data', 'queue_position');
        return Html::all(
            Html::of('label', ['for' => 'bar'], $this->texts->of('show.bar')),
            Html::of('progress', ['id' => 'bar', 'max' => 100, 'value' => $percentage], "$percentage %"),
            Html::of('p', ['id' => 'figures'], $figures),
            is_int($position) && $position > 0
                ? Html::of('p', [], $this->texts->of('show.queue', ['position' => $position])) : null,
            Html::of('p', [], $this->texts->of('show.leave')),
            Html::of('p', ['id' => 'again'], Html::of('a', ['href' => ''], $this->texts->of('show.again'))),
        );
    }

    private function files(): Html
    {
        $expires = Html::of('p', [], $this->texts->of('show.until', [
            'time' => $this->texts->moment($this->status->text('data', 'expires_at')),
        ]));
        if ($this->status->get('data', 'individual_files') !== null) {
            return Html::all($this->batches('show.files'), $expires);
        }
        $name = $this->status->text('data', 'file_name');
        if ($name === '') {
            return Html::of('p', [], $this->texts->of('show.records', ['records' => $this->number('data', 'record_count')]));
        }
        $label = $this->texts->of('show.download', ['name' => $name, 'size' => $this->status->text('data', 'file_size_text')]);
        return Html::all(
            Html::of('p', [], $this->texts->of('show.records', ['records' => $this->number('data', 'record_count')])),
            Html::of('p', [], $this->link('download', $label, 'button')),
            $expires,
        );
    }

    /** The batches that are there, whatever became of the others. */
    private function batches(string $title): ?Html
    {
        $chunks = $this->chunks->get('chunks');
        if (!is_array($chunks) || $chunks === []) {
            return null;
        }
        $items = [];
        if ($this->chunks->get('archive') !== null) {
            $items[] = Html::of('li', [], $this->link('download/zip', $this->texts->of('show.archive') . ', ' . $this->chunks->text('archive', 'zip_file_size_text')));
        }
        foreach (array_keys($chunks) as $key) {
            $of = fn(string $name): string => $this->chunks->text('chunks', (string) $key, $name);
            $number = $this->chunks->get('chunks', (string) $key, 'batch_number');
            $label = $this->texts->of('show.file', ['name' => $of('file_name'), 'size' => $of('file_size_text'), 'range' => $of('record_range')]);
            $items[] = Html::of('li', [], $this->link('download/batch/' . (is_int($number) ? $number : 0), $label));
        }
        return Html::all(Html::of('h2', [], $this->texts->of($title)), Html::of('ul', ['class' => 'files'], ...$items));
    }

    private function link(string $file, string $label, ?string $class = null): Html
    {
        $path = $this->pages->path("/api/export/{$this->status->exportId()}/$file");
        return Html::of('a', ['href' => $path, 'class' => $class, 'download' => true], $label);
    }

    private function failure(): Html
    {
        return Html::of('p', ['role' => 'alert'], (new Problem($this->texts))->of($this->status));
    }

    /** What the library calls likely to help. */
    private function recovery(): Html
    {
        $id = $this->status->exportId();
        $buttons = [];
        if ($this->status->get('recovery_options', 'resume') === true) {
            $buttons[] = $this->pages->button("/exports/$id/resume", $this->texts->of('recover.resume'), 'primary');
        }
        foreach ([Recovery::Limit, Recovery::SmallerFiles, Recovery::SeveralFiles, Recovery::Again] as $how) {
            if ($how->request($this->status) !== null) {
                $size = $this->texts->number(Recovery::size($this->status) ?? 0);
                $label = $this->texts->of("recover.$how->value", ['size' => $size]);
                $class = $buttons === [] ? 'primary' : 'secondary';
                $buttons[] = $this->pages->button("/exports/$id/retry", $label, $class, ['how' => $how->value]);
            }
        }
        return Html::all(
            Html::of('h2', [], $this->texts->of('recover.title')),
            Html::of('div', ['class' => 'buttons'], ...$buttons),
            $this->hints(),
            $this->repeat('recover.filters'),
        );
    }

    /** The library's are about filters, each by its name. */
    private function hints(): ?Html
    {
        $given = $this->status->get('recovery_options', 'filter_suggestions');
        $items = [];
        foreach (array_filter(is_array($given) ? $given : [], is_string(...)) as $hint) {
            $name = preg_match('/\bfilters\.(limit|date_range)\b/', $hint, $found) === 1 ? $found[1] : null;
            $items[] = $name === null ? Html::of('li', ['lang' => 'en'], $hint) : Html::of('li', [], $this->texts->of("hint.$name"));
        }
        return $items === [] ? null : Html::of('ul', [], ...$items);
    }

    /** The form, filled in as this export was asked for. */
    private function repeat(string $label): Html
    {
        $href = $this->pages->path(Endpoint\NewExport::PATH . '?' . http_build_query(['repeat' => $this->status->exportId()]));
        return Html::of('p', [], Html::of('a', ['href' => $href], $this->texts->of($label)));
    }

    private function remove(string $label): Html
    {
        return $this->pages->confirmed("/exports/{$this->status->exportId()}/delete", $this->texts->of($label), $this->texts->of('show.sure'));
    }

    /** A link that its owner may hand on: whoever has it may have the file. */
    private function handedOn(): ?Html
    {
        if ($this->signature === null || $this->status->text('export_strategy') === 'streaming') {
            return null;
        }
        $url = $this->pages->url("/api/export/{$this->status->exportId()}/download?" . http_build_query(['signature' => $this->signature]));
        return Html::of(
            'details',
            [],
            Html::of('summary', [], $this->texts->of('link.title')),
            Html::of('p', ['id' => 'link-help'], $this->texts->of('link.help')),
            Html::of('label', ['for' => 'link'], $this->texts->of('link.label')),
            Html::of('input', ['id' => 'link', 'type' => 'url', 'readonly' => true, 'value' => $url, 'aria-describedby' => 'link-help']),
        );
    }

    private function warnings(): ?Html
    {
        $warnings = $this->status->get('metadata', 'warnings');
        $items = [];
        foreach (is_array($warnings) ? $warnings : [] as $warning) {
            if (is_array($warning) && is_string($warning['message'] ?? null)) {
                $code = is_string($warning['code'] ?? null) ? $warning['code'] : '';
                $items[] = Html::of('li', [], (new Problem($this->texts))->noticed($code, $warning['message']));
            }
        }
        return $items === [] ? null
            : Html::all(Html::of('h2', [], $this->texts->of('show.warnings')), Html::of('ul', [], ...$items));
    }

    private function number(string ...$path): string
    {
        $number = $this->status->get(...$path);
        return $this->texts->number(is_int($number) ? $number : 0);
    }
}
