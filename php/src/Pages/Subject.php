<?php

declare(strict_types=1);

namespace Ybb\Export\Pages;

use Ybb\Export\Answer;

/**
 * What an export is of, in a few words: its type, format, template and program.
 */
final readonly class Subject
{
    public function __construct(private Texts $texts) {}

    /** @param string ...$path where an answer says so */
    public function of(Answer $answer, string ...$path): string
    {
        $type = $answer->text(...[...$path, 'export_type']);
        $format = $answer->text(...[...$path, 'format']);
        $template = $answer->text(...[...$path, 'template']);
        $program = $answer->get(...[...$path, 'program_id']);
        return implode(', ', array_filter([
            $type === '' ? '' : $this->texts->called($type),
            $format === '' ? '' : $this->texts->of("new.format.$format"),
            $template === '' ? '' : $this->texts->called($template),
            is_int($program) ? $this->texts->of('mine.program', ['program' => $program]) : '',
        ], static fn(string $part): bool => $part !== ''));
    }
}
