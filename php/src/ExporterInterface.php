<?php

declare(strict_types=1);

namespace Ybb\Export;

/**
 * What the library does, for PHP. An owner that is null asks for anybody's exports; those of others are
 * NOT_FOUND. A broken installation is a \YbbExport\Exception, everything else an answer.
 */
interface ExporterInterface
{
    /** @param array<string, mixed> $request docs/request.schema.json */
    public function start(array $request): Answer;

    /** @param array<string, mixed> $request */
    public function estimate(array $request): Answer;

    /**
     * An export that is read while its rows are; a refusal is an answer.
     *
     * @param array<string, mixed> $request
     */
    public function stream(array $request): RowStream|Answer;

    public function status(string $id, ?string $owner): Answer;

    public function chunks(string $id, ?string $owner): Answer;

    public function resume(string $id, ?string $owner): Answer;

    public function delete(string $id, ?string $owner): Answer;

    /**
     * One of its files; why there is none is an answer.
     *
     * @param null|int<1, max>|'zip' $part a batch's number, the archive, or whatever the export is as one file
     */
    public function download(string $id, int|string|null $part, ?string $owner): Download|Answer;

    public function templates(): Answer;

    /**
     * Answers with all templates.
     *
     * @param array<string, mixed> $template
     */
    public function saveTemplate(array $template): Answer;

    public function statistics(): Answer;

    public function queue(): Answer;
}
