<?php
/* page_service.php FILE: the function of docs/php.md that stands in the Python service's place, asked by each of the
 * service's endpoints. */
require $argv[1];

$service = new class {
    use App\Controllers\CallsExportService;

    public function ask(string $method, string $path, ?array $data = null): array
    {
        return $this->callPythonExportService($data, $method, $path);
    }
};
function hold(string $what, mixed $found, mixed $wanted): void
{
    if ($found !== $wanted) {
        echo "$what: ", var_export($found, true), ' instead of ', var_export($wanted, true), "\n";
    }
}
$request = ['export_type' => 'participants', 'program_id' => 1, 'format' => 'csv',
            'large_dataset_options' => ['strategy' => 'multi_file', 'chunk_size' => 1000]];
hold('estimate', $service->ask('POST', '/api/export/estimate', $request)['data']['total_files'], 3);
$id = $service->ask('POST', '/api/export', $request)['export_id'];
hold('the export', ybb_export_wait($id, 60)['status'], 'success');
hold('status', $service->ask('GET', "/api/export/$id/status")['data']['total_files'], 3);
hold('chunks', $service->ask('GET', "/api/export/$id/chunks")['completed_chunks'], 3);
hold('batch', $service->ask('GET', "/api/export/$id/download/batch/2")['file_name'], 'participants_batch_2_of_3.csv');
hold('zip', $service->ask('GET', "/api/export/$id/download/zip")['content_type'], 'application/zip');
hold('download', $service->ask('GET', "/api/export/$id/download")['content_type'], 'application/zip');
hold('resume', $service->ask('POST', "/api/export/$id/resume")['error_code'], 'NOT_RESUMABLE');
hold('stats', $service->ask('GET', '/api/export/stats')['data']['exports']['completed'], 1);
hold('queue', $service->ask('GET', '/api/export/queue/status')['data']['queue']['queued'], 0);
hold('templates', $service->ask('GET', '/api/templates')['status'], 'success');
$short = ['templates' => ['participants_short' => ['fields' => ['id', 'full_name']]]];
hold('new template', $service->ask('POST', '/api/templates', $short)['status'], 'success');
hold('its use', ybb_export(['template' => 'short', 'filters' => ['limit' => 1]] + $request)['status'], 'success');
hold('delete', $service->ask('DELETE', "/api/export/$id")['data']['deleted'], true);
hold('what was deleted', $service->ask('GET', "/api/export/$id/status")['error_code'], 'NOT_FOUND');
